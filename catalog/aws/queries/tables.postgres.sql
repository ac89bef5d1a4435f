-- Groups of the resources in tables of {{engine}}, for `imports: [{file: groups.csv}]` of an inventory. PostgreSQL 12 or later.
-- Made by {{program}}. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads {{count}} tables. Where one of them does not exist, make the query with a list of those that do:
--   psql -Atc "SELECT table_name, column_name FROM information_schema.columns" > tables.txt
--   cloudraci query {{source}} --dialect postgres --tables tables.txt inventory.yaml > query.sql
-- With it each table is asked for those columns alone that are looked at. Then:
--   psql -qc "COPY ($(cat query.sql)) TO STDOUT (FORMAT csv, HEADER)" > groups.csv
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
{{wanted}}
),
-- The rows as JSON: a column that a table lacks is a key that is not there. What is null says nothing.
source AS NOT MATERIALIZED (
{{tables jsonb_strip_nulls(to_jsonb(t))}}
  OFFSET 0
),
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting, item ->> 'account_id' AS account_id, item ->> 'region' AS region,
    coalesce(item ->> nullif(own_arn, ''), {{arn CASE WHEN item ->> 'COLUMN' LIKE '[%' THEN (item ->> 'COLUMN')::jsonb ->> 0 ELSE item ->> 'COLUMN' END}}) AS arn,
    coalesce({{called item ->> 'COLUMN'}}) AS resource_name,
    {{prune_row item}}
    AS columns,
    CASE jsonb_typeof(item -> 'tags')
      WHEN 'object' THEN (
        SELECT coalesce(jsonb_object_agg(k, v), '{}') FROM jsonb_each(item -> 'tags') AS t (k, v) WHERE k IN ({{tags}}))
      WHEN 'array' THEN (
        SELECT coalesce(jsonb_object_agg(coalesce(tag ->> 'Key', tag ->> 'key'), coalesce(tag ->> 'Value', tag ->> 'value', '')), '{}')
        FROM jsonb_array_elements(item -> 'tags') AS t (tag) WHERE coalesce(tag ->> 'Key', tag ->> 'key') IN ({{tags}}))
      ELSE coalesce(item -> 'tags', '{}')
    END AS tags
  FROM source JOIN wanted ON source.table_name = wanted.table_name
  OFFSET 0
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most.
identified AS (SELECT *, coalesce(arn, (row_number() OVER ())::text) AS identity FROM items),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY identity ORDER BY is_setting, length(columns::text) DESC, resource_type, columns::text, tags::text
  ) AS place
  FROM identified
),
gathered AS (
  SELECT
    min(looked_at) FILTER (WHERE place = 1) AS looked_at, min(resource_type) FILTER (WHERE place = 1) AS resource_type,
    (array_agg(account_id ORDER BY place) FILTER (WHERE account_id IS NOT NULL))[1] AS account_id,
    (array_agg(region ORDER BY place) FILTER (WHERE region IS NOT NULL))[1] AS region,
    min(arn) AS arn, min(resource_name) FILTER (WHERE place = 1) AS resource_name,
    count(*) AS times, array_agg(columns ORDER BY place DESC) AS blocks, (array_agg(tags ORDER BY place))[1] AS tags
  FROM ranked GROUP BY identity
),
resources AS (
  SELECT
    looked_at, resource_type, account_id, region, arn, resource_name, tags,
    CASE WHEN times = 1 THEN blocks[1] ELSE (
      SELECT coalesce(jsonb_object_agg(k, v ORDER BY n), '{}')
      FROM unnest(blocks) WITH ORDINALITY AS block (said, n), jsonb_each(said) AS field (k, v)
    ) END AS columns
  FROM gathered
)
SELECT
  '{{source}}' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM resources
GROUP BY
  looked_at, resource_type, account_id, region,
  -- Where an ARN says that a resource is, and what it calls its type.
  substring(arn FROM '^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[A-Za-z0-9_.-]*[:/])?'),
  columns, tags
