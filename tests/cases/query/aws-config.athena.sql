-- Groups of configuration items, for `imports: [{file: groups.csv}]` of an inventory. Athena engine version 3, Trino.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads the table of AWS Config's snapshots as Glue describes it: a row a file, `configurationitems` a list of structures in
-- which `configuration` is JSON as text. A condition on partitions belongs behind each mention of the table, so that no more is
-- scanned than is meant: WHERE dt = 'latest'. The result that Athena writes as CSV is read as it is.
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
-- A list within the list keeps each structure in one column, whichever way UNNEST takes structures.
files AS (
  SELECT item[1] AS item
  FROM aws_config_configuration_snapshot CROSS JOIN UNNEST(transform(configurationitems, one -> ARRAY[one])) AS t (item)
),
present AS (SELECT DISTINCT item.resourcetype AS resource_type FROM files),
-- The paths of each type, with those that join where there is something to join with.
joined AS (
  SELECT wanted.resource_type, bool_or(strpos(wanted.others, ' ' || present.resource_type || ' ') > 0) AS is_joined
  FROM wanted CROSS JOIN present GROUP BY wanted.resource_type
),
asked AS (
  SELECT wanted.resource_type, looked_at, is_joined, CASE WHEN is_joined THEN paths || related ELSE paths END AS paths
  FROM wanted JOIN joined ON wanted.resource_type = joined.resource_type
),
source AS (
  SELECT
    looked_at, item.resourcetype AS resource_type, item.awsaccountid AS account_id, item.awsregion AS region,
    CASE WHEN item.awsregion IS NULL THEN item.availabilityzone END AS zone, item.arn AS arn,
    item.resourceid AS resource_id, item.resourcename AS resource_name, item.configurationitemstatus AS status,
    item.configurationitemcapturetime AS recorded, coalesce(is_joined, false) AS is_joined, coalesce(paths, ' ') AS paths,
    TRY(json_parse(item.configuration)) AS configuration, item.supplementaryconfiguration AS supplementary, item.tags AS tags
  FROM files LEFT JOIN asked ON item.resourcetype = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item.resourcetype IS NULL OR item.resourcetype NOT IN ('AWS::Config::ResourceCompliance', 'AWS::Config::ConformancePackCompliance')
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    CASE WHEN strpos(paths, ' * ') > 0 THEN json_format(configuration) ELSE
    '{' || array_join(transform(coalesce(map_keys(TRY_CAST(configuration AS map(varchar, json))), ARRAY[]), k1 -> CASE
        WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 THEN json_format(CAST(k1 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(configuration AS map(varchar, json)), k1)), 'null')
        WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '. ') > 0 THEN json_format(CAST(k1 AS json)) || ':' || CASE WHEN substr(json_format(element_at(TRY_CAST(configuration AS map(varchar, json)), k1)), 1, 1) = '[' THEN '[' ELSE '' END || array_join(transform(
          CASE WHEN substr(json_format(element_at(TRY_CAST(configuration AS map(varchar, json)), k1)), 1, 1) = '[' THEN TRY_CAST(element_at(TRY_CAST(configuration AS map(varchar, json)), k1) AS array(json)) ELSE ARRAY[element_at(TRY_CAST(configuration AS map(varchar, json)), k1)] END, e1 ->
          CASE WHEN substr(json_format(e1), 1, 1) = '{' AND json_format(e1) <> '{}' THEN '{' || array_join(ARRAY['"(...)":true'] ||
            transform(coalesce(map_keys(TRY_CAST(e1 AS map(varchar, json))), ARRAY[]), k2 -> CASE
          WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 THEN json_format(CAST(k2 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 'null')
          WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') > 0 THEN json_format(CAST(k2 AS json)) || ':' || CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN '[' ELSE '' END || array_join(transform(
            CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN TRY_CAST(element_at(TRY_CAST(e1 AS map(varchar, json)), k2) AS array(json)) ELSE ARRAY[element_at(TRY_CAST(e1 AS map(varchar, json)), k2)] END, e2 ->
            CASE WHEN substr(json_format(e2), 1, 1) = '{' AND json_format(e2) <> '{}' THEN '{' || array_join(ARRAY['"(...)":true'] ||
              transform(coalesce(map_keys(TRY_CAST(e2 AS map(varchar, json))), ARRAY[]), k3 -> CASE
            WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 THEN json_format(CAST(k3 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e2 AS map(varchar, json)), k3)), 'null')
            WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') > 0 THEN json_format(CAST(k3 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e2 AS map(varchar, json)), k3)), 'null')
          END), ',') || '}'
            ELSE coalesce(json_format(e2), 'null') END
          ), ',') || CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN ']' ELSE '' END
        END), ',') || '}'
          ELSE coalesce(json_format(e1), 'null') END
        ), ',') || CASE WHEN substr(json_format(element_at(TRY_CAST(configuration AS map(varchar, json)), k1)), 1, 1) = '[' THEN ']' ELSE '' END
      END), ',') || '}'
    END AS configuration,
    json_format(CAST(map_filter(supplementary, (k, v) -> strpos(paths, ' * ') > 0
      OR strpos(paths, ' ' || replace(lower(k), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k), '_', '') || '. ') > 0
    ) AS json)) AS supplementary_configuration,
    json_format(CAST(map_filter(tags, (k, v) -> k IN ('it''s \ one', 'team')) AS json)) AS tags
  FROM source
),
-- Of each resource what was recorded last.
latest AS (
  SELECT *, row_number() OVER (PARTITION BY account_id, region, resource_type, coalesce(resource_id, arn) ORDER BY recorded DESC NULLS LAST) AS age
  FROM items
),
placed AS (
  SELECT *, CASE WHEN is_joined THEN resource_id END AS joined_id, CASE WHEN is_joined THEN arn END AS joined_arn,
    -- Where an ARN says that a resource is, and what it calls its type.
    regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?') AS place
  FROM latest
  WHERE (age = 1 OR coalesce(resource_id, arn) IS NULL) AND (status IS NULL OR strpos(status, 'Deleted') = 0)
)
SELECT
  'aws-config' AS cloudraci, looked_at, resource_type, account_id, region, zone,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  joined_id AS resource_id, configuration, supplementary_configuration, tags, count(*) AS resources
FROM placed
GROUP BY
  looked_at, resource_type, account_id, region, zone, place, joined_arn, joined_id,
  configuration, supplementary_configuration, tags
