-- Groups of the resources in tables of {{engine}}, for `imports: [{file: groups.csv}]` of an inventory. Athena engine 3, Trino.
-- Made by {{program}}. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads {{count}} tables, of each the columns that are there and looked at:
--   SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'DATABASE'   -- save it as columns.csv
--   cloudraci query {{source}} --dialect athena --tables columns.csv inventory.yaml > query.sql
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
{{wanted}}
),
-- The rows as JSON.
source AS (
{{tables CAST(map(ARRAY[NAMES], ARRAY[VALUES]) AS json)}}
),
items AS (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    json_extract_scalar(item, '$.account_id') AS account_id, json_extract_scalar(item, '$.region') AS region,
    coalesce(
      CAST(element_at(CAST(item AS map(varchar, json)), nullif(own_arn, '')) AS varchar),
      {{arn json_extract_scalar(item, '$.COLUMN')}}
    ) AS arn,
    coalesce({{called json_extract_scalar(item, '$.COLUMN')}}, NULL) AS resource_name,
    {{prune_row item}}
    AS columns,
    -- Of a text that is JSON it is what it says that counts.
    coalesce(TRY(json_parse(json_extract_scalar(item, '$.tags'))), json_extract(item, '$.tags')) AS told
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most: of a key
-- that stands twice in JSON the last counts.
identified AS (
  SELECT *, coalesce(arn, CAST(uuid() AS varchar)) AS identity, coalesce(
    json_format(CAST(map_filter(TRY_CAST(told AS map(varchar, json)), (k, v) -> k IN ({{tags}})) AS json)),
    json_format(CAST(filter(TRY_CAST(told AS array(json)), tag ->
      coalesce(json_extract_scalar(tag, '$.Key'), json_extract_scalar(tag, '$.key')) IN ({{tags}})) AS json)),
    '{}'
  ) AS tags
  FROM items
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY identity ORDER BY is_setting, length(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    min_by(looked_at, place) AS looked_at, min_by(resource_type, place) AS resource_type,
    min_by(account_id, place) FILTER (WHERE account_id IS NOT NULL) AS account_id,
    min_by(region, place) FILTER (WHERE region IS NOT NULL) AS region,
    min(arn) AS arn, min_by(resource_name, place) AS resource_name, min_by(tags, place) AS tags,
    '{' || coalesce(array_join(
      array_agg(substr(columns, 2, length(columns) - 2) ORDER BY place DESC) FILTER (WHERE columns <> '{}'), ','), '') || '}' AS columns
  FROM ranked GROUP BY identity
),
placed AS (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?') AS place FROM resources
)
SELECT
  '{{source}}' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM placed
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
