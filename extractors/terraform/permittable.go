package terraform

// permitTable names what gives access without a policy document.
var permitTable []row
