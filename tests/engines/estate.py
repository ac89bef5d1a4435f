"""A generated estate, as AWS Config delivers it: a snapshot with history in it, the same in every run."""

import json
import random

REGIONS = ["eu-west-1", "us-east-1"]


def items(count):
    """The items, one by one; of every ninety-seventh resource also what it was a month before."""
    some = random.Random(1)
    for number in range(count):
        item = make(some, number)
        yield item
        if number % 97 == 0:
            earlier = make(some, number, item["resourceType"])
            earlier["configurationItemCaptureTime"] = "2026-10-01T00:00:00.000Z"
            earlier["tags"]["env"] = "old"
            yield earlier


def make(some, number, kind=None):
    one = some.choice
    hexed = f"{number:08x}"
    account = str(100000000000 + number % 7)
    region = REGIONS[number % 3 % 2]
    block = {"blockPublicAcls": one([True, False]), "ignorePublicAcls": True, "blockPublicPolicy": True, "restrictPublicBuckets": True}

    def item(kind, service, thing, name, configuration, supplementary=None):
        arn = f"arn:aws:{service}:{region}:{account}:{thing}"
        made = {
            "relatedEvents": [], "relationships": [], "configuration": configuration | {"padding": "x" * 60},
            "supplementaryConfiguration": {key: json.dumps(value) for key, value in (supplementary or {}).items()},
            "tags": {"env": one(["prod", "dev"]), "Name": f"name of {number}", "it's": "x"},
            "configurationItemVersion": "1.3", "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z",
            "configurationStateId": 1, "awsAccountId": account, "configurationItemStatus": one(["OK", "ResourceDiscovered"]),
            "resourceType": kind, "resourceId": thing, "resourceName": name, "ARN": arn, "awsRegion": region,
            "availabilityZone": "Regional", "configurationStateMd5Hash": "",
        }
        return made

    match number % 10:
        case 0:
            tokens = [{"httpTokens": "required", "httpEndpoint": "enabled"}, {"httpTokens": "optional"}, {"httpEndpoint": "enabled"}, None]
            return item("AWS::EC2::Instance", "ec2", f"instance/i-{hexed}", f"web {number}", {
                "instanceId": f"i-{hexed}", "instanceType": one(["m5.large", "t3.micro"]), "metadataOptions": one(tokens),
                "monitoring": {"state": one(["enabled", "disabled"])}, "sourceDestCheck": one([True, False]),
                "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeId": f"vol-{hexed}", "status": "attached"}}],
                "networkInterfaces": [{"networkInterfaceId": f"eni-{hexed}", "description": ""}],
                "placement": {"tenancy": "default", "availabilityZone": "eu-west-1a"},
            })
        case 1:
            more = {"dBClusterIdentifier": f"cl-{hexed}"} if number % 20 == 1 else {}
            return item("AWS::RDS::DBInstance", "rds", f"db:db-{hexed}", f"db-{hexed}", {
                "dBInstanceIdentifier": f"db-{hexed}", "engine": one(["postgres", "aurora-postgresql"]),
                "backupRetentionPeriod": one([0, 7, 35]), "storageEncrypted": one([True, False]), "multiAZ": one([True, False]),
                "publiclyAccessible": one([True, False, None]), "deletionProtection": one([True, False]),
            } | more)
        case 2:
            more = {"BucketVersioningConfiguration": {"status": one(["Enabled", "Off", "Suspended"]), "isMfaDeleteEnabled": None}}
            if number % 3:
                more["PublicAccessBlockConfiguration"] = block
            if number % 11 == 0:
                statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
                more["BucketPolicy"] = {"policyText": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
            made = item("AWS::S3::Bucket", "s3", f"b-{hexed}", f"b-{hexed}", {"name": f"b-{hexed}", "owner": {"id": "abc"}}, more)
            made["ARN"] = f"arn:aws:s3:::b-{hexed}"
            return made
        case 3:
            return item("AWS::Lambda::Function", "lambda", f"function:f-{hexed}", f"f-{hexed}", {
                "functionName": f"f-{hexed}", "runtime": one(["python3.12", "python3.8", "nodejs20.x"]), "packageType": one(["Zip", "Image"]),
                "tracingConfig": {"mode": one(["Active", "PassThrough"])}, "vpcConfig": one([None, {"subnetIds": ["subnet-1"]}]),
                "deadLetterConfig": one([None, {"targetArn": "arn:aws:sqs:eu-west-1:100000000000:q"}]), "environment": {"variables": {"A": "b"}},
            })
        case 4:
            attached = [{"instanceId": f"i-{hexed}", "volumeId": f"vol-{hexed}"}]
            return item("AWS::EC2::Volume", "ec2", f"volume/vol-{hexed}", f"vol-{hexed}", {
                "volumeId": f"vol-{hexed}", "encrypted": one([True, False]), "attachments": attached, "size": 8})
        case 5:
            ranges = [{"cidrIp": one(["0.0.0.0/0", "10.0.0.0/8"])}]
            return item("AWS::EC2::SecurityGroup", "ec2", f"security-group/sg-{hexed}", f"sg-{hexed}", {
                "groupId": f"sg-{hexed}", "groupName": one(["default", "web"]),
                "ipPermissions": [{"fromPort": 22, "ipProtocol": "tcp", "toPort": 22, "userIdGroupPairs": [], "ipv4Ranges": ranges}],
                "ipPermissionsEgress": [{"ipProtocol": "-1", "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}]}],
            })
        case 6:
            recovery = {"pointInTimeRecoveryDescription": {"pointInTimeRecoveryStatus": one(["ENABLED", "DISABLED"])}}
            return item("AWS::DynamoDB::Table", "dynamodb", f"table/t-{hexed}", f"t-{hexed}", {
                "tableName": f"t-{hexed}", "sSEDescription": one([None, {"status": "ENABLED"}]), "deletionProtectionEnabled": one([True, False]),
            }, {"ContinuousBackups": recovery})
        case 7:
            return item("AWS::Config::ResourceCompliance", "config", f"AWS::EC2::Instance/i-{hexed}", "x", {"complianceType": "COMPLIANT"})
        case 8:
            chosen = one([("AWS::SQS::Queue", "sqs"), ("AWS::SNS::Topic", "sns"), ("AWS::Foo::Bar", "foo"), ("AWS::KMS::Key", "kms")])
            chosen = (kind, chosen[1]) if kind else chosen
            return item(*chosen, f"thing-{hexed}", f"thing-{hexed}", {
                "QueueName": f"thing-{hexed}", "KmsMasterKeyId": one([None, "alias/aws/sqs", ""]), "SqsManagedSseEnabled": one([True, False]),
                "KeyRotationEnabled": one([True, False]), "Encrypted": one([True, "true"]),
            })
    match number % 50:
        case 9:
            owner = f"cl-{number - 8:08x}"
            return item("AWS::RDS::DBCluster", "rds", f"cluster:{owner}", owner, {
                "dBClusterIdentifier": owner, "engine": "aurora-postgresql", "storageEncrypted": one([True, False]),
                "backupRetentionPeriod": one([1, 7]), "deletionProtection": one([True, False])})
        case 19:
            return item("AWS::CloudTrail::Trail", "cloudtrail", f"trail/t{number}", f"t{number}", {
                "IsMultiRegionTrail": one([True, False]), "LogFileValidationEnabled": True})
        case 29:
            made = item("AWS::EC2::Subnet", "ec2", f"subnet-{hexed}", None, {"subnetId": f"subnet-{hexed}", "mapPublicIpOnLaunch": one([True, False])})
            del made["ARN"]
            return made
        case 39:
            attributes = [{"key": "deletion_protection.enabled", "value": one(["true", "false"])}]
            return item("AWS::ElasticLoadBalancingV2::LoadBalancer", "elasticloadbalancing", f"loadbalancer/app/l{number}/1", f"l{number}", {
                "type": one(["application", "network"]), "scheme": one(["internal", "internet-facing"])},
                {"DescribeLoadBalancerAttributes": attributes})
    made = item("AWS::EC2::NatGateway", "ec2", f"natgateway/nat-{hexed}", f"nat-{hexed}", {})
    made["configurationItemStatus"] = "ResourceDeleted"
    return made


def snapshot(path, count, blanks=0):
    """Writes a snapshot of so many resources. Blanks at its end make it so long that it is counted while it is read."""
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"fileVersion":"1.0","configSnapshotId":"00000000-0000-0000-0000-000000000000","configurationItems":[')
        for number, item in enumerate(items(count)):
            file.write(("," if number else "") + json.dumps(item, separators=(",", ":")))
        file.write("]}" + " " * blanks + "\n")


if __name__ == "__main__":
    import sys

    snapshot(sys.argv[1], int(sys.argv[2]))
