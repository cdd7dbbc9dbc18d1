"""Drawing: lines of ink, tables and charts."""
