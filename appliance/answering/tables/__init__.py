"""Questions that are computed from tables: understood by templates, answered by checked SQL.

No model takes part. ``matching`` finds what a question's words mean in one table (cells,
columns, numbers, dates), ``understanding`` makes a plan of that or gives up, ``computing``
carries it out and cites the rows, ``telling`` says it. A question is computed only when every
one of its words is explained; otherwise the passages answer.
"""
