variable "group" {
  type = string
}

variable "read" {
  type = string
}

variable "stages" {
  type = set(string)
}
