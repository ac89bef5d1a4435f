SELECT accountId, awsRegion, resourceType, resourceId, resourceName, arn, tags, configuration, supplementaryConfiguration
