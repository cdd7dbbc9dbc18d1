-- The Parquet files of orwatch as tables of DuckDB. They are read where they lie, so that figures are as new as the export:
--
--   orwatch export --format parquet -o FOLDER          again with --since last, from cron
--   cd FOLDER && duckdb market.duckdb -c ".read …/contrib/sql/duckdb.sql" -c ".read …/contrib/sql/views.sql"
--   duckdb market.duckdb "SELECT * FROM share WHERE grain = 'week' AND basis = 'chart' ORDER BY start DESC, tokens DESC LIMIT 9"
--
-- Paths are relative: open the database in FOLDER. Citation, as_of and licence of each file:
--   SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata('*/*/*.parquet');
--
-- Datasets that a key adds (apps, tasks, …) are read in the same way once they are there, and `hosts` too:
--   CREATE OR REPLACE VIEW apps AS SELECT * FROM read_parquet('apps/*/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW rankings AS SELECT * FROM read_parquet('rankings/*/*.parquet', union_by_name = true);
CREATE OR REPLACE VIEW vendors AS SELECT * FROM read_parquet('vendors/vendors.parquet');
CREATE OR REPLACE VIEW models AS SELECT * FROM read_parquet('models/models.parquet');
CREATE OR REPLACE VIEW prices AS SELECT * FROM read_parquet('prices/*/*.parquet', union_by_name = true);
