-- Groups of configuration items, for `imports: [{file: groups.parquet}]` of an inventory. DuckDB 1.3 or later.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads snapshots and history of AWS Config. A snapshot is ONE JSON object, hence maximum_object_size. Save it, then:
--   duckdb -c "COPY ($(cat query.sql)) TO 'groups.parquet'"
WITH
-- What is looked at of each type. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `related` joins resources with others, and counts where the source has one of the types in `others`.
wanted (resource_type, looked_at, paths, related, others) AS (VALUES
  ('AWS::EC2::Instance', 'c9086b12', ' associatepublicipaddress blockdevicemappings. blockdevicemappings.ebs. blockdevicemappings.ebs.encrypted blockdevicemappings.ebs.volumeid disableapitermination ebsblockdevice. ebsblockdevice.encrypted ebsblockdevice.volumeid ebsencryptionbydefault elasticip. forcedestroy iaminstanceprofile. instancelifecycle instancemarketoptions. instancemarketoptions.markettype instancestate instancetype ipv6addresses. ipv6addresses.ipv6address. islaunched kind maintenanceoptions. maintenanceoptions.autorecovery metadataoptions. metadataoptions.httpendpoint metadataoptions.httpputresponsehoplimit metadataoptions.httptokens metadataoptions.state monitoring networkinterface. networkinterfaces. networkinterfaces.associatepublicipaddress operator. operator.managed outpostarn. placement. placement.tenancy publicip. resourcetype rootblockdevice. rootblockdevice.encrypted sourcedestcheck state. state.name tenancy ',
   ' ', ' '),
  ('AWS::RDS::DBCluster', 'e9bf1f37', ' allocatedstorage auth. auth.iamauth authtype autominorversionupgrade backtrackwindow backupretentionperiod cacertidentifier cacertificateidentifier clusterform clusteridentifier. clusterscalabilitytype copytagstosnapshot dbclusterinstanceclass. dbinstanceclass debuglogging defaultauthscheme deletionpolicy deletionprotection enablecloudwatchlogsexports enabledcloudwatchlogsexports enableiamdatabaseauthentication enableperformanceinsights engine enginefamily. enginemode engineversion finalsnapshotidentifier. globalclusteridentifier globaldatabases. iamauthenabled iamdatabaseauthentication iamdatabaseauthenticationenabled instanceclass instanceupgrades instancewriters internetaccessgatewayenabled kind licensemodel managemasteruserpassword masterusername masterusersecret. masterusersecret.secretarn masterusersecret.secretstatus maxallocatedstorage monitoringinterval multiaz pendingmodifiedvalues. pendingmodifiedvalues.backupretentionperiod pendingmodifiedvalues.engineversion pendingmodifiedvalues.iamdatabaseauthenticationenabled pendingmodifiedvalues.pendingcloudwatchlogsexports performanceinsightsenabled publiclyaccessible replicatesourcedb. replicationsourceidentifier requiretls resourcetype restored serverlessscalingconfiguration. serverlessv2scalingconfiguration. shardcapacity. shardcount. skipfinalsnapshot snapshotidentifier sourcedbclusteridentifier sourcedbclusterresourceid status storageencrypted username ',
   ' clusteridentifier clusterscalabilitytype dbclusteridentifier engine enginemode globalclusteridentifier id internetaccessgatewayenabled storageencrypted ', ' AWS::RDS::DBInstance '),
  ('AWS::SQS::Queue', 'ae943209', ' kmsmasterkeyid sqsmanagedsseenabled ',
   ' ', ' ')
),
files AS NOT MATERIALIZED (
  SELECT unnest(configurationItems) AS item
  FROM read_json('AWSLogs/**/ConfigSnapshot/*.json.gz', maximum_object_size = 2147483647, columns = {configurationItems: 'STRUCT(
    resourceType VARCHAR, resourceId VARCHAR, resourceName VARCHAR, ARN VARCHAR, awsAccountId VARCHAR, awsRegion VARCHAR,
    availabilityZone VARCHAR, configurationItemStatus VARCHAR, configurationItemCaptureTime VARCHAR,
    configuration JSON, supplementaryConfiguration JSON, tags JSON)[]'})
),
present AS (SELECT DISTINCT item.resourceType AS resource_type FROM files),
-- The paths of each type, with those that join where there is something to join with.
asked AS (
  SELECT resource_type, looked_at, is_joined, CASE WHEN is_joined THEN paths || related ELSE paths END AS paths
  FROM (
    SELECT *, EXISTS (SELECT 1 FROM present WHERE contains(wanted.others, ' ' || present.resource_type || ' ')) AS is_joined
    FROM wanted
  )
),
source AS NOT MATERIALIZED (
  SELECT
    looked_at, item.resourceType AS resource_type, item.awsAccountId AS account_id, item.awsRegion AS region,
    CASE WHEN item.awsRegion IS NULL THEN item.availabilityZone END AS zone, item.ARN AS arn,
    item.resourceId AS resource_id, item.resourceName AS resource_name, item.configurationItemStatus AS status,
    item.configurationItemCaptureTime AS recorded, coalesce(is_joined, false) AS is_joined, coalesce(paths, ' ') AS paths,
    -- A text that is JSON stands for what it says.
    CASE json_type(item.configuration) WHEN 'VARCHAR' THEN TRY_CAST(json_extract_string(item.configuration, '$') AS JSON)
    ELSE item.configuration END AS configuration,
    item.supplementaryConfiguration AS supplementary, item.tags AS tags
  FROM files LEFT JOIN asked ON item.resourceType = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item.resourceType IS NULL OR item.resourceType NOT IN ('AWS::Config::ResourceCompliance', 'AWS::Config::ConformancePackCompliance')
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    CASE WHEN contains(paths, ' * ') THEN CAST(configuration AS VARCHAR) ELSE
    '{' || coalesce(list_aggregate(list_transform(json_keys(configuration), lambda k1: CASE
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || ' ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CAST(json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) AS VARCHAR)
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '. ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CASE json_type(json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
          CASE json_type(json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN json_extract(json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$[*]') ELSE [json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))] END, lambda e1:
          CASE WHEN json_type(e1) <> 'OBJECT' OR len(json_keys(e1)) = 0 THEN CAST(e1 AS VARCHAR)
          ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e1), lambda k2: CASE
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CAST(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')) AS VARCHAR)
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
            CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN json_extract(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')), '$[*]') ELSE [json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))] END, lambda e2:
            CASE WHEN json_type(e2) <> 'OBJECT' OR len(json_keys(e2)) = 0 THEN CAST(e2 AS VARCHAR)
            ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e2), lambda k3: CASE
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
          END), 'string_agg', ','), ''), '')) || '}' END
          ), ',') || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN ']' ELSE '' END
        END), 'string_agg', ','), ''), '')) || '}' END
        ), ',') || CASE json_type(json_extract(configuration, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN ']' ELSE '' END
      END), 'string_agg', ','), '') || '}'
    END AS configuration,
    CASE WHEN contains(paths, ' * ') THEN CAST(supplementary AS VARCHAR) ELSE
    '{' || coalesce(list_aggregate(list_transform(json_keys(supplementary), lambda k1: CASE
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || ' ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CAST(json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) AS VARCHAR)
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '. ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CASE json_type(json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
          CASE json_type(json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN json_extract(json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$[*]') ELSE [json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))] END, lambda e1:
          CASE WHEN json_type(e1) <> 'OBJECT' OR len(json_keys(e1)) = 0 THEN CAST(e1 AS VARCHAR)
          ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e1), lambda k2: CASE
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CAST(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')) AS VARCHAR)
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
            CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN json_extract(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')), '$[*]') ELSE [json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))] END, lambda e2:
            CASE WHEN json_type(e2) <> 'OBJECT' OR len(json_keys(e2)) = 0 THEN CAST(e2 AS VARCHAR)
            ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e2), lambda k3: CASE
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
          END), 'string_agg', ','), ''), '')) || '}' END
          ), ',') || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN ']' ELSE '' END
        END), 'string_agg', ','), ''), '')) || '}' END
        ), ',') || CASE json_type(json_extract(supplementary, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN ']' ELSE '' END
      END), 'string_agg', ','), '') || '}'
    END AS supplementary_configuration,
    '{' || array_to_string(list_transform(
      list_filter(json_keys(tags), lambda k: k IN ('it''s \ one', 'team')),
      lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(tags, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS VARCHAR)
    ), ',') || '}' AS tags
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
WHERE (age = 1 OR coalesce(resource_id, arn) IS NULL) AND (status IS NULL OR NOT contains(status, 'Deleted'))
GROUP BY
  looked_at, resource_type, account_id, region, zone,
  -- Where an ARN says that a resource is, and what it calls its type.
  regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?'),
  CASE WHEN is_joined THEN arn END, CASE WHEN is_joined THEN resource_id END,
  configuration, supplementary_configuration, tags
