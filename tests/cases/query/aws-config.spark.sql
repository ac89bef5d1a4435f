-- Groups of configuration items, for `imports: [{file: groups.parquet}]` of an inventory. Spark 3.3 or later: Glue, EMR, Databricks.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads the table of AWS Config's snapshots as Glue describes it: a row a file, `configurationitems` a list of structures in
-- which `configuration` is JSON as text. Save it, then in PySpark:
--   spark.sql(open("query.sql").read()).coalesce(1).write.parquet("groups")
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
files AS (SELECT explode(configurationitems) AS item FROM aws_config_configuration_snapshot),
present AS (SELECT DISTINCT item.resourceType AS resource_type FROM files),
-- The paths of each type, with those that join where there is something to join with.
joined AS (
  SELECT wanted.resource_type, max(instr(wanted.others, concat(' ', present.resource_type, ' '))) > 0 AS is_joined
  FROM wanted CROSS JOIN present GROUP BY wanted.resource_type
),
asked AS (
  SELECT wanted.resource_type, looked_at, is_joined, CASE WHEN is_joined THEN concat(paths, related) ELSE paths END AS paths
  FROM wanted JOIN joined ON wanted.resource_type = joined.resource_type
),
source AS (
  SELECT /*+ BROADCAST(asked) */
    looked_at, item.resourceType AS resource_type, item.awsAccountId AS account_id, item.awsRegion AS region,
    CASE WHEN item.awsRegion IS NULL THEN item.availabilityZone END AS zone, item.ARN AS arn,
    item.resourceId AS resource_id, item.resourceName AS resource_name, item.configurationItemStatus AS status,
    item.configurationItemCaptureTime AS recorded, coalesce(is_joined, false) AS is_joined, coalesce(paths, ' ') AS paths,
    CASE WHEN item.configuration LIKE '{%' THEN item.configuration ELSE '{}' END AS configuration,
    item.supplementaryConfiguration AS supplementary, item.tags AS tags
  FROM files LEFT JOIN asked ON item.resourceType = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item.resourceType IS NULL OR item.resourceType NOT IN ('AWS::Config::ResourceCompliance', 'AWS::Config::ConformancePackCompliance')
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    CASE WHEN instr(paths, ' * ') > 0 THEN configuration ELSE
    concat('{', array_join(transform(json_object_keys(configuration), k1 -> CASE
        WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), ' ')) > 0 THEN concat('"', k1, '":', coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null'))
        WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '. ')) > 0 THEN concat('"', k1, '":', CASE WHEN coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null') LIKE '[%' THEN '[' ELSE '' END, array_join(transform(
          CASE WHEN coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null') NOT LIKE '[%' THEN array(coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null')) WHEN json_array_length(coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null')) = 0 THEN filter(array(''), x -> false)
          ELSE transform(sequence(0, json_array_length(coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null')) - 1), i1 -> coalesce(get_json_object(concat('[', coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null'), ']'), concat('$[*][', i1, ']')), 'null')) END,
          e1 -> CASE WHEN e1 NOT LIKE '{%' OR e1 = '{}' THEN e1
          ELSE concat('{', array_join(concat(array('"(...)":true'), transform(json_object_keys(e1), k2 -> CASE
          WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), ' ')) > 0 THEN concat('"', k2, '":', coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null'))
          WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '. ')) > 0 THEN concat('"', k2, '":', CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') LIKE '[%' THEN '[' ELSE '' END, array_join(transform(
            CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') NOT LIKE '[%' THEN array(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) WHEN json_array_length(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) = 0 THEN filter(array(''), x -> false)
            ELSE transform(sequence(0, json_array_length(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) - 1), i2 -> coalesce(get_json_object(concat('[', coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null'), ']'), concat('$[*][', i2, ']')), 'null')) END,
            e2 -> CASE WHEN e2 NOT LIKE '{%' OR e2 = '{}' THEN e2
            ELSE concat('{', array_join(concat(array('"(...)":true'), transform(json_object_keys(e2), k3 -> CASE
            WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '.', replace(lower(k3), '_', ''), ' ')) > 0 THEN concat('"', k3, '":', coalesce(get_json_object(concat('[', e2, ']'), concat('$[*][\'', k3, '\']')), 'null'))
            WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '.', replace(lower(k3), '_', ''), '. ')) > 0 THEN concat('"', k3, '":', coalesce(get_json_object(concat('[', e2, ']'), concat('$[*][\'', k3, '\']')), 'null'))
          END)), ','), '}') END
          ), ','), CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') LIKE '[%' THEN ']' ELSE '' END)
        END)), ','), '}') END
        ), ','), CASE WHEN coalesce(get_json_object(concat('[', configuration, ']'), concat('$[*][\'', k1, '\']')), 'null') LIKE '[%' THEN ']' ELSE '' END)
      END), ','), '}')
    END AS configuration,
    to_json(map_filter(coalesce(supplementary, map()), (k, v) -> instr(paths, ' * ') > 0
      OR instr(paths, concat(' ', replace(lower(k), '_', ''), ' ')) > 0 OR instr(paths, concat(' ', replace(lower(k), '_', ''), '. ')) > 0
    )) AS supplementary_configuration,
    to_json(map_filter(coalesce(tags, map()), (k, v) -> k IN ('it\'s \\ one', 'team'))) AS tags
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
  joined_id AS resource_id, configuration, supplementary_configuration, tags, count(*) AS resources
FROM (
  SELECT *, CASE WHEN is_joined THEN resource_id END AS joined_id, CASE WHEN is_joined THEN arn END AS joined_arn,
    -- Where an ARN says that a resource is, and what it calls its type.
    regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?', 0) AS place
  FROM latest
  WHERE (age = 1 OR coalesce(resource_id, arn) IS NULL) AND (status IS NULL OR instr(status, 'Deleted') = 0)
)
GROUP BY
  looked_at, resource_type, account_id, region, zone, place, joined_arn, joined_id,
  configuration, supplementary_configuration, tags
