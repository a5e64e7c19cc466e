package terraform

// blockTable names settings that hold access back and are no policies.
var blockTable []row
