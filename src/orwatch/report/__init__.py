"""Reports: what a pane shows, as facts for programs and columns for people. Both front ends make them here.

result     a report: rows, columns, and what stands around them
meta       the facts about the figures that go along with them
layout     the columns of every table
columns    the columns that a user chose
forms      a report as JSON, CSV or Markdown
rankings, prices, alerts: one function a report

    Only what a report is made of is imported where its module is: `orwatch --help` reads `result` and `forms`."""
