-- Groups of configuration items, for `imports: [{file: groups.parquet}]` of an inventory. Snowflake.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads a table of items of AWS Config, one a row, in a column `item` of type VARIANT. Run the function first, then the query;
-- `COPY INTO @stage/groups.parquet FROM (...) FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE` unloads its result.
CREATE OR REPLACE TEMPORARY FUNCTION cloudraci_looked_at(ITEM VARIANT, PATHS VARCHAR) RETURNS VARIANT LANGUAGE JAVASCRIPT AS
$$
  function lookedAt(value, before) {
    if (Array.isArray(value)) return value.map(one => lookedAt(one, before));
    if (value === null || typeof value !== 'object') return before === '' ? {} : value;
    const kept = before === '' || Object.keys(value).length === 0 ? {} : {'(...)': true};
    for (const key of Object.keys(value)) {
      const path = before + key.toLowerCase().replace(/_/g, '');
      if (PATHS.includes(' ' + path + ' ')) kept[key] = value[key];
      else if (PATHS.includes(' ' + path + '. ')) kept[key] = lookedAt(value[key], path + '.');
    }
    return kept;
  }
  if (ITEM === undefined || ITEM === null) return {};
  const item = typeof ITEM === 'string' ? JSON.parse(ITEM) : ITEM;
  return PATHS.includes(' * ') ? item : lookedAt(item, '');
$$;

WITH
-- What is looked at of each type. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `related` joins resources with others, and counts where the source has one of the types in `others`.
wanted (resource_type, looked_at, paths, related, others) AS (SELECT * FROM VALUES
  ('AWS::EC2::Instance', 'c9086b12', ' associatepublicipaddress blockdevicemappings. blockdevicemappings.ebs. blockdevicemappings.ebs.encrypted blockdevicemappings.ebs.volumeid disableapitermination ebsblockdevice. ebsblockdevice.encrypted ebsblockdevice.volumeid ebsencryptionbydefault elasticip. forcedestroy iaminstanceprofile. instancelifecycle instancemarketoptions. instancemarketoptions.markettype instancestate instancetype ipv6addresses. ipv6addresses.ipv6address. islaunched kind maintenanceoptions. maintenanceoptions.autorecovery metadataoptions. metadataoptions.httpendpoint metadataoptions.httpputresponsehoplimit metadataoptions.httptokens metadataoptions.state monitoring networkinterface. networkinterfaces. networkinterfaces.associatepublicipaddress operator. operator.managed outpostarn. placement. placement.tenancy publicip. resourcetype rootblockdevice. rootblockdevice.encrypted sourcedestcheck state. state.name tenancy ',
   ' ', ' '),
  ('AWS::RDS::DBCluster', 'e9bf1f37', ' allocatedstorage auth. auth.iamauth authtype autominorversionupgrade backtrackwindow backupretentionperiod cacertidentifier cacertificateidentifier clusterform clusteridentifier. clusterscalabilitytype copytagstosnapshot dbclusterinstanceclass. dbinstanceclass debuglogging defaultauthscheme deletionpolicy deletionprotection enablecloudwatchlogsexports enabledcloudwatchlogsexports enableiamdatabaseauthentication enableperformanceinsights engine enginefamily. enginemode engineversion finalsnapshotidentifier. globalclusteridentifier globaldatabases. iamauthenabled iamdatabaseauthentication iamdatabaseauthenticationenabled instanceclass instanceupgrades instancewriters internetaccessgatewayenabled kind licensemodel managemasteruserpassword masterusername masterusersecret. masterusersecret.secretarn masterusersecret.secretstatus maxallocatedstorage monitoringinterval multiaz pendingmodifiedvalues. pendingmodifiedvalues.backupretentionperiod pendingmodifiedvalues.engineversion pendingmodifiedvalues.iamdatabaseauthenticationenabled pendingmodifiedvalues.pendingcloudwatchlogsexports performanceinsightsenabled publiclyaccessible replicatesourcedb. replicationsourceidentifier requiretls resourcetype restored serverlessscalingconfiguration. serverlessv2scalingconfiguration. shardcapacity. shardcount. skipfinalsnapshot snapshotidentifier sourcedbclusteridentifier sourcedbclusterresourceid status storageencrypted username ',
   ' clusteridentifier clusterscalabilitytype dbclusteridentifier engine enginemode globalclusteridentifier id internetaccessgatewayenabled storageencrypted ', ' AWS::RDS::DBInstance '),
  ('AWS::SQS::Queue', 'ae943209', ' kmsmasterkeyid sqsmanagedsseenabled ',
   ' ', ' ')
),
present AS (SELECT DISTINCT item:resourceType::VARCHAR AS resource_type FROM aws_config_items),
-- The paths of each type, with those that join where there is something to join with.
joined AS (
  SELECT wanted.resource_type, BOOLOR_AGG(CONTAINS(wanted.others, CONCAT(' ', present.resource_type, ' '))) AS is_joined
  FROM wanted CROSS JOIN present GROUP BY wanted.resource_type
),
asked AS (
  SELECT wanted.resource_type, looked_at, is_joined, CASE WHEN is_joined THEN CONCAT(paths, related) ELSE paths END AS paths
  FROM wanted JOIN joined ON wanted.resource_type = joined.resource_type
),
source AS (
  SELECT
    looked_at, item:resourceType::VARCHAR AS resource_type, item:awsAccountId::VARCHAR AS account_id, item:awsRegion::VARCHAR AS region,
    CASE WHEN item:awsRegion::VARCHAR IS NULL THEN item:availabilityZone::VARCHAR END AS zone, item:ARN::VARCHAR AS arn,
    item:resourceId::VARCHAR AS resource_id, item:resourceName::VARCHAR AS resource_name, item:configurationItemStatus::VARCHAR AS status,
    item:configurationItemCaptureTime::VARCHAR AS recorded, item:configuration AS configuration,
    item:supplementaryConfiguration AS supplementary, item:tags AS tags,
    COALESCE(is_joined, FALSE) AS is_joined, COALESCE(paths, ' ') AS paths
  FROM aws_config_items AS files LEFT JOIN asked ON item:resourceType::VARCHAR = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item:resourceType::VARCHAR IS NULL OR item:resourceType::VARCHAR NOT IN ('AWS::Config::ResourceCompliance', 'AWS::Config::ConformancePackCompliance')
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    TO_JSON(cloudraci_looked_at(configuration, paths)) AS configuration,
    TO_JSON(cloudraci_looked_at(supplementary, paths)) AS supplementary_configuration,
    TO_JSON(OBJECT_PICK(COALESCE(tags, OBJECT_CONSTRUCT()), 'it\'s \\ one', 'team')) AS tags
  FROM source
),
-- Of each resource what was recorded last.
latest AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY account_id, region, resource_type, COALESCE(resource_id, arn) ORDER BY recorded DESC NULLS LAST) AS age
  FROM items
),
placed AS (
  SELECT *, CASE WHEN is_joined THEN resource_id END AS joined_id, CASE WHEN is_joined THEN arn END AS joined_arn,
    -- Where an ARN says that a resource is, and what it calls its type.
    REGEXP_SUBSTR(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?') AS place
  FROM latest
  WHERE (age = 1 OR COALESCE(resource_id, arn) IS NULL) AND (status IS NULL OR status NOT LIKE '%Deleted%')
)
SELECT
  'aws-config' AS cloudraci, looked_at, resource_type, account_id, region, zone,
  MIN(arn) AS arn, MAX(arn) AS last_arn, MIN(resource_name) AS resource_name, MAX(resource_name) AS last_resource_name,
  joined_id AS resource_id, configuration, supplementary_configuration, tags, COUNT(*) AS resources
FROM placed
GROUP BY
  looked_at, resource_type, account_id, region, zone, place, joined_arn, joined_id,
  configuration, supplementary_configuration, tags
