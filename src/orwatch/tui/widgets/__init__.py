"""Lines of ink, tables, and the bars above and below the panes."""
