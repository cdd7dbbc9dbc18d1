-- The main tables of orwatch as views, for DuckDB and PostgreSQL alike, over the tables that duckdb.sql or postgres.py made.
-- They follow the definitions of the README with free rows in and variants apart, as `orwatch top` and `orwatch share` do.
--
-- What SQL cannot follow, or not in a view; ask orwatch for it (--format json):
--   --no-free and --merge-variants, which rank anew and refill the basis; --from and --until, which add up complete periods alone;
--   7d; changes of a running period, which are of like days; `new` and `back`; leaders of equals, flips and streaks with their
--   "at least", which need to know what is missing from the record. Vendors have the countries of the last export.

-- Rows of the basis, with their country. NULL: unattributed.
CREATE OR REPLACE VIEW top AS
SELECT basis, grain, start, "end", complete, partial, composed, rank, permaslug, vendor, country, tokens,
       CAST(tokens AS double precision) / period_tokens AS share, period_tokens, as_of
FROM (
    SELECT 'chart' AS basis, 9 AS size, rankings.* FROM rankings WHERE chart
    UNION ALL SELECT 'top10', 10, rankings.* FROM rankings WHERE top10
    UNION ALL SELECT 'top50', 50, rankings.* FROM rankings WHERE top50
) AS listed
LEFT JOIN vendors ON vendor = lower(split_part(permaslug, '/', 1));

-- One row a period and basis: all tokens, those that are attributed, and whether the record names as many rows as the basis asks for.
CREATE OR REPLACE VIEW totals AS
SELECT basis, grain, start, "end", complete, partial, composed, period_tokens AS tokens,
       sum(tokens) AS on_basis,
       sum(CASE WHEN country IS NOT NULL THEN tokens ELSE 0 END) AS attributed,
       count(*) >= CASE basis WHEN 'chart' THEN 9 WHEN 'top10' THEN 10 ELSE 50 END OR sum(tokens) = period_tokens AS known,
       max(as_of) AS as_of
FROM top
GROUP BY basis, grain, start, "end", complete, partial, composed, period_tokens;

-- `orwatch share`: tokens by country. NULL: rows of the basis without one; other: all that is outside the basis. They sum to the
-- total. Where the basis is not filled (known is false), there are no sums.
CREATE OR REPLACE VIEW share AS
SELECT basis, grain, start, "end", complete, country, CASE WHEN known THEN part.tokens END AS tokens,
       CASE WHEN known AND total > 0 THEN CAST(part.tokens AS double precision) / total END AS share_of_all,
       CASE WHEN known AND attributed > 0 AND country <> 'other'
            THEN CAST(part.tokens AS double precision) / attributed END AS share_of_attributed,
       models, known, total AS total_tokens, as_of
FROM (SELECT totals.*, tokens AS total FROM totals) AS whole
JOIN (
    SELECT basis, grain, start, country, sum(tokens) AS tokens, count(*) AS models FROM top GROUP BY basis, grain, start, country
    UNION ALL SELECT basis, grain, start, 'other', tokens - on_basis, NULL FROM totals
) AS part USING (basis, grain, start);

-- Prices of now: USD for a million tokens; NULL where they vary (the source says so with a negative number) or are not listed.
CREATE OR REPLACE VIEW price_now AS
SELECT id, canonical_slug, name, CASE WHEN prompt >= 0 THEN prompt * 1000000 END AS input,
       CASE WHEN completion >= 0 THEN completion * 1000000 END AS output,
       CASE WHEN cache_read >= 0 THEN cache_read * 1000000 END AS cached_input, prompt < 0 AS varies, observed_at AS since
FROM (SELECT prices.*, row_number() OVER (PARTITION BY id ORDER BY observed_at DESC) AS n FROM prices) AS seen
JOIN models USING (id)
WHERE n = 1 AND listed;
