-- Groups of the resources in tables of {{engine}}, for `imports: [{file: groups.parquet}]` of an inventory. DuckDB 1.3 or later.
-- Made by {{program}}. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads {{count}} tables, as they were exported: each a Parquet file of its name. `--table` says it otherwise, with {table} for
-- the name: "read_csv('exports/{table}.csv', header = true, all_varchar = true)". Where one of them does not exist, make the query
-- with a list of those that do:
--   ls exports | cloudraci query {{source}} --dialect duckdb --tables - inventory.yaml > query.sql
-- Then:
--   duckdb -c "COPY ($(cat query.sql)) TO 'groups.parquet'"
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
{{wanted}}
),
-- The rows as JSON: a column that a table lacks is a key that is not there.
source AS NOT MATERIALIZED (
{{tables to_json(t)}}
),
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    json_extract_string(item, '$.account_id') AS account_id, json_extract_string(item, '$.region') AS region,
    coalesce(CASE WHEN own_arn <> '' THEN json_extract_string(item, '$.' || own_arn) END, {{arn CASE WHEN json_extract_string(item, '$.COLUMN') LIKE '[%' THEN json_extract_string(TRY_CAST(json_extract_string(item, '$.COLUMN') AS JSON), '$[0]') ELSE json_extract_string(item, '$.COLUMN') END}}) AS arn,
    coalesce({{called json_extract_string(item, '$.COLUMN')}}) AS resource_name,
    {{prune_row item}}
    AS columns,
    -- Of a text that is JSON it is what it says that counts.
    CASE WHEN json_extract_string(item, '$.tags') LIKE '{%' OR json_extract_string(item, '$.tags') LIKE '[%'
    THEN coalesce(TRY_CAST(json_extract_string(item, '$.tags') AS JSON), json_extract(item, '$.tags'))
    ELSE json_extract(item, '$.tags') END AS told
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
tagged AS NOT MATERIALIZED (
  SELECT * EXCLUDE (told), CASE json_type(told)
    WHEN 'OBJECT' THEN '{' || array_to_string(list_transform(
      list_filter(json_keys(told), lambda k: k IN ({{tags}})),
      lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(told, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS VARCHAR)
    ), ',') || '}'
    WHEN 'ARRAY' THEN '[' || array_to_string(list_transform(
      list_filter(json_extract(told, '$[*]'), lambda tag: coalesce(json_extract_string(tag, '$.Key'), json_extract_string(tag, '$.key')) IN ({{tags}})),
      lambda tag: CAST(tag AS VARCHAR)
    ), ',') || ']'
    WHEN 'VARCHAR' THEN CAST(told AS VARCHAR)
    ELSE '{}' END AS tags
  FROM items
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most.
identified AS (SELECT *, coalesce(arn, CAST(row_number() OVER () AS VARCHAR)) AS identity FROM tagged),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY identity ORDER BY is_setting, length(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    min(looked_at) FILTER (WHERE place = 1) AS looked_at, min(resource_type) FILTER (WHERE place = 1) AS resource_type,
    first(account_id ORDER BY place) FILTER (WHERE account_id IS NOT NULL) AS account_id,
    first(region ORDER BY place) FILTER (WHERE region IS NOT NULL) AS region,
    min(arn) AS arn, min(resource_name) FILTER (WHERE place = 1) AS resource_name, min(tags) FILTER (WHERE place = 1) AS tags,
    CASE WHEN count(*) = 1 THEN min(columns) ELSE CAST(
      list_reduce(list(CAST(columns AS JSON) ORDER BY place DESC), lambda low, high: json_merge_patch(low, high))
    AS VARCHAR) END AS columns
  FROM ranked GROUP BY identity
)
SELECT
  '{{source}}' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM resources
GROUP BY
  looked_at, resource_type, account_id, region,
  -- Where an ARN says that a resource is, and what it calls its type.
  regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?'),
  columns, tags
