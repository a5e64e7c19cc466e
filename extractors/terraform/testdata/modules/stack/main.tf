module "remote" {
  source = "example/remote/aws"
}

module "local" {
  source = "./local"
}
