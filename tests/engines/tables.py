"""A generated estate, as query engines keep it: rows of Steampipe's and of CloudQuery's tables, the same in every run.

Each of both has what a version may lack or have otherwise: columns that are missing, values that are null, blocks that hold
nothing but null, lists of blocks, settings in tables of their own (CloudQuery's), and rows that stand twice.
"""

import json
import random

# The columns that hold JSON, by the name that both engines give them.
JSON = {
    "akas", "tags", "tags_src", "metadata_options", "network_interfaces", "monitoring", "policy_std", "policy", "vpc_config",
    "ip_permissions", "server_side_encryption_configuration", "public_access_block_configuration", "sse_description",
    "enabled_cloudwatch_logs_exports", "point_in_time_recovery_description", "configuration", "logging", "block_device_mappings",
}


def steampipe(count):
    """Rows by table."""
    tables, some = {}, random.Random(2)
    one = some.choice
    for number in range(count):
        account, region, hexed = str(100000000000 + number % 7), ["eu-west-1", "us-east-1"][number % 3 % 2], f"{number:08x}"
        tags = one([{"env": one(["prod", "dev"]), "Name": f"name of {number}", "it's": "x"}, {"env": "prod"}, None])

        def row(table, service, thing, columns, arn=True, account=account, region=region, tags=tags):
            aka = f"arn:aws:{service}:{region}:{account}:{thing}"
            made = columns | ({"arn": aka} if arn else {})
            tables.setdefault(table, []).append(made | {
                "title": thing.split("/")[-1].split(":")[-1], "akas": [aka], "tags": tags, "partition": "aws", "region": region,
                "account_id": account, "_ctx": {"connection_name": "aws"},
            })

        match number % 8:
            case 0:
                options = one([{"HttpTokens": "required", "HttpEndpoint": "enabled"}, {"HttpTokens": None}, {"HttpTokens": "optional"}, None])
                interfaces = one([[], None, [{"Association": {"PublicIp": "198.51.100.7"}}, {"Association": None}], [{"Status": "in-use"}]])
                row("aws_ec2_instance", "ec2", f"instance/i-{hexed}", {
                    "instance_id": f"i-{hexed}", "instance_type": one(["m5.large", "t3.micro"]), "metadata_options": options,
                    "network_interfaces": interfaces, "monitoring_state": one(["enabled", "disabled"]), "ebs_optimized": one([True, False, None]),
                    "source_dest_check": one([True, False]),
                })
            case 1:
                row("aws_rds_db_instance", "rds", f"db:db-{hexed}", {
                    "db_instance_identifier": f"db-{hexed}", "class": one(["db.t4g.large", "db.m5.large"]), "engine": one(["postgres", "mysql"]),
                    "engine_version": "16.3", "storage_encrypted": one([True, False]), "backup_retention_period": one([0, 7, 35]),
                    "multi_az": one([True, False]), "publicly_accessible": one([True, False, None]), "master_user_name": "app",
                    "enabled_cloudwatch_logs_exports": one([["postgresql"], [], None]), "deletion_protection": one([True, False]),
                })
            case 2:
                row("aws_ebs_volume", "ec2", f"volume/vol-{hexed}", {
                    "volume_id": f"vol-{hexed}", "encrypted": one([True, False]), "size": 8, "volume_type": one(["gp3", "gp2"])})
            case 3:
                row("aws_lambda_function", "lambda", f"function:f-{hexed}", {
                    "name": f"f-{hexed}", "runtime": one(["python3.12", "python3.8", "nodejs20.x"]), "package_type": one(["Zip", "Image"]),
                    "vpc_subnet_ids": one([None, ["subnet-1"]]), "dead_letter_config_target_arn": one([None, f"arn:aws:sqs:{region}:{account}:q"]),
                    "environment_variables": {"PASSWORD": "never to be asked for"},
                })
            case 4:
                row("aws_s3_bucket", "s3", f"b-{hexed}", {
                    "name": f"b-{hexed}", "versioning_enabled": one([True, False]), "block_public_acls": one([True, False]),
                    "block_public_policy": True, "ignore_public_acls": True, "restrict_public_buckets": one([True, None]),
                    "logging": one([None, {"TargetBucket": "logs", "TargetPrefix": ""}]),
                    "policy": one([None, {"Version": "2012-10-17", "Statement": [{
                        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}]),
                })
            case 5:
                row("aws_sqs_queue", "sqs", f"q-{hexed}", {
                    "queue_url": f"https://sqs.{region}.amazonaws.com/{account}/q-{hexed}", "kms_master_key_id": one([None, "alias/aws/sqs"]),
                    "sqs_managed_sse_enabled": one([True, False, None]), "queue_arn": f"arn:aws:sqs:{region}:{account}:q-{hexed}",
                }, arn=False)
            case 6:
                row("aws_kms_key", "kms", f"key/{hexed}", {
                    "id": hexed, "key_rotation_enabled": one([True, False, None]), "key_manager": one(["CUSTOMER", "AWS"]), "enabled": True,
                    "key_state": one(["Enabled", "PendingDeletion"])})
            case 7:
                row("aws_vpc_security_group", "ec2", f"security-group/sg-{hexed}", {
                    "group_id": f"sg-{hexed}", "group_name": one(["default", "web"]),
                    "ip_permissions": [{"FromPort": 22, "ToPort": 22, "IpProtocol": "tcp", "IpRanges": [{"CidrIp": one(["0.0.0.0/0", "10.0.0.0/8"])}]}],
                })
        if number % 50 == 5:
            # An aggregator gives what is of two connections twice.
            table = "aws_sqs_queue"
            tables[table].append(dict(tables[table][-1]))
    return tables


def cloudquery(count):
    """Rows by table."""
    tables, some = {}, random.Random(3)
    one = some.choice
    for number in range(count):
        account, region, hexed = str(100000000000 + number % 7), ["eu-west-1", "us-east-1"][number % 3 % 2], f"{number:08x}"
        tags = one([{"env": one(["prod", "dev"]), "Name": f"name of {number}"}, {}])

        def row(table, columns, apart=False, account=account, region=region, tags=tags):
            common = {"_cq_id": f"{len(tables.get(table, [])):032x}", "_cq_parent_id": None, "account_id": account, "region": region}
            tables.setdefault(table, []).append(common | columns | ({} if apart else {"tags": tags}))

        def arn(service, thing, account=account, region=region):
            return f"arn:aws:{service}:{region}:{account}:{thing}"

        match number % 5:
            case 0:
                options = one([{"HttpTokens": "required", "HttpEndpoint": "enabled"}, {"HttpTokens": "optional"}, {"HttpEndpoint": None}, None])
                row("aws_ec2_instances", {
                    "arn": arn("ec2", f"instance/i-{hexed}"), "instance_id": f"i-{hexed}", "instance_type": one(["m5.large", "t3.micro"]),
                    "metadata_options": options, "monitoring": {"State": one(["enabled", "disabled"])}, "source_dest_check": one([True, False]),
                })
            case 1:
                row("aws_rds_instances", {
                    "arn": arn("rds", f"db:db-{hexed}"), "db_instance_identifier": f"db-{hexed}", "db_instance_class": "db.t4g.large",
                    "engine": one(["postgres", "mysql"]), "storage_encrypted": one([True, False]), "backup_retention_period": one([0, 7, 35]),
                    "multi_az": one([True, False]), "publicly_accessible": one([True, False]), "deletion_protection": one([True, None]),
                })
            case 2:
                bucket = f"arn:aws:s3:::b-{hexed}"
                row("aws_s3_buckets", {"arn": bucket, "name": f"b-{hexed}"})
                if number % 3:
                    row("aws_s3_bucket_versionings", {
                        "bucket_arn": bucket, "status": one(["Enabled", "Suspended", None]), "mfa_delete": one([None, "Disabled"])}, apart=True)
                if number % 4:
                    row("aws_s3_bucket_public_access_blocks", {"bucket_arn": bucket, "public_access_block_configuration": {
                        "BlockPublicAcls": one([True, False]), "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": one([True, None])}},
                        apart=True)
            case 3:
                row("aws_lambda_functions", {
                    "arn": arn("lambda", f"function:f-{hexed}"), "configuration": {
                        "FunctionName": f"f-{hexed}", "Runtime": one(["python3.12", "python3.8"]), "PackageType": one(["Zip", "Image"]),
                        "TracingConfig": {"Mode": one(["Active", "PassThrough"])}, "VpcConfig": one([None, {"SubnetIds": ["subnet-1"]}]),
                        "Environment": {"Variables": {"PASSWORD": "never to be asked for"}}},
                })
            case 4:
                row("aws_dynamodb_tables", {
                    "arn": arn("dynamodb", f"table/t-{hexed}"), "table_name": f"t-{hexed}", "deletion_protection_enabled": one([True, False]),
                    "sse_description": one([None, {"Status": "ENABLED"}, {"Status": None}]),
                })
    # Settings of a bucket that is not there.
    tables["aws_s3_bucket_versionings"].append(
        {"_cq_id": "f" * 32, "_cq_parent_id": None, "account_id": "100000000000", "region": "eu-west-1",
         "bucket_arn": "arn:aws:s3:::alone", "status": "Enabled", "mfa_delete": None})
    return tables


ENGINES = {"steampipe": steampipe, "cloudquery": cloudquery}


def cell(value):
    """A value as a column of CSV, or of text, has it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def columns(rows):
    """The names of the columns of a table's rows."""
    return list(dict.fromkeys(name for row in rows for name in row))


def csv(path, rows):
    """Writes a table as CSV."""
    import csv as format

    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = format.writer(file)
        names = columns(rows)
        writer.writerow(names)
        writer.writerows([cell(row.get(name)) for name in names] for row in rows)


def kind(name, rows):
    """The type of a column in PostgreSQL."""
    values = [row[name] for row in rows if row.get(name) is not None]
    if name in JSON or any(isinstance(value, (dict, list)) for value in values):
        return "jsonb"
    if values and all(isinstance(value, bool) for value in values):
        return "boolean"
    if values and all(isinstance(value, int) for value in values):
        return "bigint"
    return "text"
