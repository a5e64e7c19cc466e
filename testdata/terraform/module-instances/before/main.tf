module "team" {
  source = "./modules/team"
  for_each = {
    "data.lake"     = { group = "lake", read = "s3:GetObject" }
    "ops \"night\"" = { group = "ops-night", read = "s3:GetObject" }
  }
  group  = each.value.group
  read   = each.value.read
  stages = ["eu.test", "eu.prod"]
}
