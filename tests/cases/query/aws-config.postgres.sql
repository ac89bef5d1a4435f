-- Groups of configuration items, for `imports: [{file: groups.csv}]` of an inventory. PostgreSQL 12 or later.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads a table of items of AWS Config, one a row, in a column `item` of type jsonb. Save it, then:
--   psql -qc "COPY ($(cat query.sql)) TO STDOUT (FORMAT csv, HEADER)" > groups.csv
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
present AS MATERIALIZED (SELECT DISTINCT item ->> 'resourceType' AS resource_type FROM aws_config_items),
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
  FROM aws_config_items AS files LEFT JOIN asked ON item ->> 'resourceType' = asked.resource_type
  -- How rules judge a resource is none.
  WHERE item ->> 'resourceType' IS NULL OR item ->> 'resourceType' NOT IN ('AWS::Config::ResourceCompliance', 'AWS::Config::ConformancePackCompliance')
),
-- Of each item what is looked at. A key that is absent stays absent, and one that is null stays null.
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, account_id, region, zone, arn, resource_id, resource_name, status, recorded, is_joined,
    CASE WHEN strpos(paths, ' * ') > 0 THEN configuration ELSE
    CASE jsonb_typeof(configuration) WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(k1, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 THEN v1 ELSE (SELECT CASE jsonb_typeof(v1) WHEN 'array' THEN a1 ELSE a1 -> 0 END FROM (
          SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e1) = 'object' AND e1 <> '{}' THEN '{"(...)": true}' ||
            (SELECT coalesce(jsonb_object_agg(k2, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 THEN v2 ELSE (SELECT CASE jsonb_typeof(v2) WHEN 'array' THEN a2 ELSE a2 -> 0 END FROM (
            SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e2) = 'object' AND e2 <> '{}' THEN '{"(...)": true}' ||
              (SELECT coalesce(jsonb_object_agg(k3, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 THEN v3 ELSE v3 END), '{}')
          FROM jsonb_each(e2) AS f3 (k3, v3)
          WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') > 0)
            ELSE e2 END ORDER BY i2), '[]') AS a2
            FROM jsonb_array_elements(CASE jsonb_typeof(v2) WHEN 'array' THEN v2 ELSE jsonb_build_array(v2) END)
              WITH ORDINALITY AS t2 (e2, i2)) AS s2) END), '{}')
        FROM jsonb_each(e1) AS f2 (k2, v2)
        WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') > 0)
          ELSE e1 END ORDER BY i1), '[]') AS a1
          FROM jsonb_array_elements(CASE jsonb_typeof(v1) WHEN 'array' THEN v1 ELSE jsonb_build_array(v1) END)
            WITH ORDINALITY AS t1 (e1, i1)) AS s1) END), '{}')
      FROM jsonb_each(configuration) AS f1 (k1, v1)
      WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '. ') > 0) ELSE '{}' END
    END AS configuration,
    CASE WHEN strpos(paths, ' * ') > 0 THEN supplementary ELSE
    CASE jsonb_typeof(supplementary) WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(k1, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 THEN v1 ELSE (SELECT CASE jsonb_typeof(v1) WHEN 'array' THEN a1 ELSE a1 -> 0 END FROM (
          SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e1) = 'object' AND e1 <> '{}' THEN '{"(...)": true}' ||
            (SELECT coalesce(jsonb_object_agg(k2, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 THEN v2 ELSE (SELECT CASE jsonb_typeof(v2) WHEN 'array' THEN a2 ELSE a2 -> 0 END FROM (
            SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e2) = 'object' AND e2 <> '{}' THEN '{"(...)": true}' ||
              (SELECT coalesce(jsonb_object_agg(k3, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 THEN v3 ELSE v3 END), '{}')
          FROM jsonb_each(e2) AS f3 (k3, v3)
          WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') > 0)
            ELSE e2 END ORDER BY i2), '[]') AS a2
            FROM jsonb_array_elements(CASE jsonb_typeof(v2) WHEN 'array' THEN v2 ELSE jsonb_build_array(v2) END)
              WITH ORDINALITY AS t2 (e2, i2)) AS s2) END), '{}')
        FROM jsonb_each(e1) AS f2 (k2, v2)
        WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') > 0)
          ELSE e1 END ORDER BY i1), '[]') AS a1
          FROM jsonb_array_elements(CASE jsonb_typeof(v1) WHEN 'array' THEN v1 ELSE jsonb_build_array(v1) END)
            WITH ORDINALITY AS t1 (e1, i1)) AS s1) END), '{}')
      FROM jsonb_each(supplementary) AS f1 (k1, v1)
      WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '. ') > 0) ELSE '{}' END
    END AS supplementary_configuration,
    (SELECT coalesce(jsonb_object_agg(k, v), '{}') FROM jsonb_each(tags) AS t (k, v) WHERE k IN ('it''s \ one', 'team')) AS tags
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
