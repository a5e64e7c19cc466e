package terraform

// linkTable names what makes one thing take part in the access of another.
var linkTable []row
