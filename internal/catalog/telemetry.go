package catalog

import (
	"slices"
	"strings"
)

// telemetry are the actions by which what runs tells how it does: whoever runs code on AWS
// has them, so that they say the least of what a policy is about (AWS Managed Policy
// Reference, "AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess").
var telemetry = []string{
	"cloudwatch:putmetricdata", "logs:createloggroup", "logs:createlogstream", "logs:putlogevents", "xray:puttelemetryrecords", "xray:puttracesegments",
}

// Telemetry reports whether an action only tells how something that runs does.
func Telemetry(action string) bool { return slices.Contains(telemetry, strings.ToLower(action)) }
