import { Stack, StackProps } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

export class Storage extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const data = new s3.Bucket(this, "Data");
    const worker = new iam.Role(this, "Worker", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
    });
    data.grantReadWrite(worker);
  }
}
