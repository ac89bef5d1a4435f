-- Groups of configuration items, for `imports: [{file: groups.csv}]` of an inventory. PostgreSQL 12 or later.
-- Made by {{program}}. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads a table of items of AWS Config, one a row, in a column `item` of type jsonb. Save it, then:
--   psql -qc "COPY ($(cat query.sql)) TO STDOUT (FORMAT csv, HEADER)" > groups.csv
WITH
-- What is looked at of each type. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `related` joins resources with others, and counts where the source has one of the types in `others`.
wanted (resource_type, looked_at, paths, related, others) AS (VALUES
{{wanted}}
),
present AS MATERIALIZED (SELECT DISTINCT item ->> 'resourceType' AS resource_type FROM {{table aws_config_items}}),
-- The paths of each type, with those that join where there is something to join with.
asked AS MATERIALIZED (
  SELECT resource_type, looked_at, is_joined, CASE WHEN is_joined THEN paths || related ELSE paths END AS paths
  FROM (
    SELECT wanted.*, EXISTS (SELECT 1 FROM present WHERE strpos(wanted.others, ' ' || present.resource_type || ' ') > 0) AS is_joined
    FROM wanted
  ) AS joined
),
source AS NOT MATERIALIZED (
  SELECT
    looked_at, item ->> 'resourceType' AS resource_type, item ->> 'awsAccountId' AS account_id, item ->> 'awsRegion' AS region,
    CASE WHEN item ->> 'awsRegion' IS NULL THEN item ->> 'availabilityZone' END AS zone, item ->> 'ARN' AS arn,
    item ->> 'resourceId' AS resource_id, item ->> 'resourceName' AS resource_name, item ->> 'configurationItemStatus' AS status,
    item ->> 'configurationItemCaptureTime' AS recorded, coalesce(is_joined, false) AS is_joined, coalesce(paths, ' ') AS paths,
    -- A text that is JSON stands for what it says.
    CASE WHEN jsonb_typeof(item -> 'configuration') = 'string' AND item ->> 'configuration' LIKE '{%'
    THEN (item ->> 'configuration')::jsonb ELSE item -> 'configuration' END AS configuration,
    item -> 'supplementaryConfiguration' AS supplementary,
    CASE jsonb_typeof(item -> 'tags') WHEN 'object' THEN item -> 'tags' ELSE '{}' END AS tags
  FROM {{table aws_config_items}} AS files LEFT JOIN asked ON item ->> 'resourceType' = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item ->> 'resourceType' IS NULL OR item ->> 'resourceType' NOT IN ({{judgements}})
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    CASE WHEN strpos(paths, ' * ') > 0 THEN configuration ELSE
    {{prune configuration}}
    END AS configuration,
    CASE WHEN strpos(paths, ' * ') > 0 THEN supplementary ELSE
    {{prune supplementary}}
    END AS supplementary_configuration,
    (SELECT coalesce(jsonb_object_agg(k, v), '{}') FROM jsonb_each(tags) AS t (k, v) WHERE k IN ({{tags}})) AS tags
  FROM source
),
-- Of each resource what was recorded last.
latest AS (
  SELECT *, row_number() OVER (PARTITION BY account_id, region, resource_type, coalesce(resource_id, arn) ORDER BY recorded DESC NULLS LAST) AS age
  FROM items
)
SELECT
  'aws-config' AS cloudraci, looked_at, resource_type, account_id, region, zone,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  CASE WHEN is_joined THEN resource_id END AS resource_id,
  configuration, supplementary_configuration, tags, count(*) AS resources
FROM latest
WHERE (age = 1 OR coalesce(resource_id, arn) IS NULL) AND (status IS NULL OR strpos(status, 'Deleted') = 0)
GROUP BY
  looked_at, resource_type, account_id, region, zone,
  -- Where an ARN says that a resource is, and what it calls its type.
  substring(arn FROM '^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[A-Za-z0-9_.-]*[:/])?'),
  is_joined, CASE WHEN is_joined THEN arn END, CASE WHEN is_joined THEN resource_id END,
  configuration, supplementary_configuration, tags
