package detect

import (
	"encoding/base64"
	"strings"
)

// tokenRule is one vendor: the name of the rule, where the vendor writes down
// what its tokens look like, and their forms.
type tokenRule struct {
	name   string
	source string
	forms  []form
}

// f is a form whose body holds letters and digits.
func f(prefix string, set charset, min, max int) form { //nolint:predeclared // the plain word, in a scope without the other
	return form{prefix: prefix, set: set, min: min, max: max}
}

// loose is a form whose body need not hold letters and digits.
func loose(prefix string, set charset, min, max int) form { //nolint:predeclared // the plain word, in a scope without the other
	return form{prefix: prefix, set: set, min: min, max: max, check: always}
}

// path is a form of what follows the address of a service in a URL.
func path(address string, set charset, min int) form { //nolint:predeclared // the plain word, in a scope without the other
	return form{prefix: address, set: set, min: min, kept: true}
}

// loosePath is path for what need not hold letters and digits.
func loosePath(address string, set charset, min int) form { //nolint:predeclared // the plain word, in a scope without the other
	return form{prefix: address, set: set, min: min, kept: true, check: always}
}

// tokenRules is what vendors prefix their tokens with. Lengths are those the
// vendor states, or somewhat less where it says they may change.
var tokenRules = []tokenRule{
	{"auth.jwt", "RFC 7519, RFC 7516", []form{{prefix: "eyJ", set: csTok | csEq, min: 17, check: jwt}, {prefix: "ewog", set: csTok | csEq, min: 17, check: jwt}, {prefix: "eyAi", set: csTok | csEq, min: 17, check: jwt}}},

	{"auth.reset", "OWASP Forgot Password Cheat Sheet: URL tokens", []form{
		path("reset-password/", csTok, 20), path("reset_password/", csTok, 20), path("password-reset/", csTok, 20), path("password_reset/", csTok, 20), path("password/reset/", csTok, 20),
		path("verify-email/", csTok, 20), path("verify_email/", csTok, 20), path("magic-link/", csTok, 20), path("magic_link/", csTok, 20),
	}},

	// Cloud platforms.
	{"auth.aws", "docs.aws.amazon.com/IAM: unique identifiers", []form{
		loose("AKIA", csUpDig, 16, 16), loose("ASIA", csUpDig, 16, 16), loose("ABIA", csUpDig, 16, 16), loose("ACCA", csUpDig, 16, 16), loose("A3T", csUpDig, 17, 17),
		f("ABSK", csStd64, 100, 0), f("bedrock-api-key-", csStd64, 20, 0), f("amzn.mws.", csHexLow|csDash, 32, 40), f("da2-", csLowDig, 26, 26), f("FwoGZXIvYXdz", csStd64, 40, 0), f("IQoJb3JpZ2lu", csStd64, 40, 0),
	}},
	{"auth.google", "cloud.google.com/docs/authentication/api-keys, developers.google.com/identity", []form{
		loose("AIza", csURL64, 35, 0), f("GOCSPX-", csURL64, 24, 0), f("ya29.", csTok, 20, 0), f("GOOG1E", csUpDig, 20, 60), f("GOOG", csUpDig, 20, 60), f("AQ.Ab", csTok, 30, 0),
	}},
	{"auth.azure", "learn.microsoft.com: identifiable secrets", []form{f("AzCa", csStd64, 20, 0)}},
	{"auth.alibaba", "alibabacloud.com/help: AccessKey pair", []form{f("LTAI", csAlnum, 12, 26)}},
	{"auth.tencent", "cloud.tencent.com: SecretId", []form{f("AKID", csAlnum, 28, 36)}},
	{"auth.yandex", "yandex.cloud/docs/iam", []form{f("AQVN", csURL64, 35, 0), f("y0_", csURL64, 40, 0), f("t1.", csTok|csEq, 80, 0)}},
	{"auth.ibm", "cloud.ibm.com/docs/account", []form{f("ApiKey-", csURL64, 36, 36)}},
	{"auth.digitalocean", "docs.digitalocean.com/reference/api", []form{f("dop_v1_", csHexAny, 40, 0), f("doo_v1_", csHexAny, 40, 0), f("dor_v1_", csHexAny, 40, 0), f("dos_v1_", csHexAny, 40, 0)}},
	{"auth.heroku", "devcenter.heroku.com/articles/authentication", []form{f("HRKU-", csURL64, 36, 0)}},
	{"auth.fly", "fly.io/docs/security/tokens", []form{f("fo1_", csURL64, 40, 0), f("fm1a_", csStd64|csUnder|csComma, 60, 0), f("fm1r_", csStd64|csUnder|csComma, 60, 0), f("fm2_", csStd64|csUnder|csComma, 60, 0)}},
	{"auth.vercel", "vercel.com/docs", []form{f("vercel_blob_rw_", csWord, 30, 0), f("vcp_", csAlnum, 24, 0), f("vck_", csAlnum, 24, 0)}},
	{"auth.netlify", "docs.netlify.com", []form{f("nfp_", csAlnum, 36, 0), f("nfc_", csAlnum, 36, 0), f("nfo_", csAlnum, 36, 0), f("nfu_", csAlnum, 36, 0)}},
	{"auth.render", "render.com/docs/api", []form{f("rnd_", csAlnum, 28, 0)}},
	{"auth.cloudflare", "developers.cloudflare.com/fundamentals/api", []form{f("v1.0-", csHexLow|csDash, 100, 0), f("cfut_", csAlnum, 40, 0), f("cfat_", csAlnum, 40, 0), f("cfk_", csAlnum, 37, 0)}},
	{"auth.scaleway", "scaleway.com/docs", []form{f("SCW", csUpDig, 17, 17)}},
	{"auth.upcloud", "developers.upcloud.com", []form{f("ucat_", csUpDig|csLow, 24, 0)}},
	{"auth.planetscale", "planetscale.com/docs", []form{f("pscale_tkn_", csTok|csEq, 28, 0), f("pscale_oauth_", csTok|csEq, 28, 0), f("pscale_pw_", csTok|csEq, 28, 0)}},
	{"auth.supabase", "supabase.com/docs", []form{f("sbp_", csWord, 36, 0), f("sb_secret_", csURL64, 20, 0), f("sbp_oauth_", csHexLow, 36, 0)}},
	{"auth.neon", "neon.com/docs", []form{f("napi_", csAlnum, 32, 0), f("npg_", csAlnum, 10, 24)}},
	{"auth.mongodb", "mongodb.com/docs/atlas", []form{f("mdb_sa_sk_", csURL64, 36, 0)}},
	{"auth.aiven", "aiven.io/docs", []form{f("AVNS_", csURL64, 17, 0)}},
	{"auth.databricks", "docs.databricks.com/dev-tools/auth/pat", []form{f("dapi", csHexLow|csDash, 32, 36), f("dose", csHexLow, 32, 32), f("dkea", csHexLow, 32, 32)}},
	{"auth.snowflake", "docs.snowflake.com", []form{f("ver:1-hint:", csStd64|csDash, 20, 0)}},
	{"auth.pinecone", "docs.pinecone.io", []form{f("pcsk_", csWord, 40, 0)}},
	{"auth.hashicorp", "developer.hashicorp.com/vault/docs/concepts/tokens", []form{f("hvs.", csURL64, 18, 0), f("hvb.", csURL64, 80, 0), f("hvr.", csURL64, 18, 0), f("s.", csAlnum, 24, 26), f("b.AAAAAQ", csAlnum|csDash|csUnder, 60, 0), f("hcp.", csURL64, 30, 0), f("HCP.", csURL64, 30, 0)}},
	{"auth.terraform", "developer.hashicorp.com/terraform/cloud-docs", []form{{prefix: "atlasv1.", set: csURL64, min: 40, led: true}}},
	{"auth.pulumi", "pulumi.com/docs", []form{f("pul-", csHexLow, 40, 0)}},
	{"auth.doppler", "docs.doppler.com/reference/auth-token-formats", []form{f("dp.pt.", csAlnum, 40, 44), f("dp.st.", csTok, 40, 80), f("dp.ct.", csAlnum, 40, 44), f("dp.sa.", csAlnum, 40, 44), f("dp.scim.", csAlnum, 40, 44), f("dp.audit.", csAlnum, 40, 44), f("dp.said.", csAlnum, 40, 44)}},
	{"auth.infisical", "infisical.com/docs", []form{f("st.", csTok, 60, 0)}},
	{"auth.onepassword", "developer.1password.com", []form{f("ops_eyJ", csStd64|csDash|csUnder, 100, 0), {prefix: "A3-", set: csUpDig | csDash, min: 30, max: 48}}},
	{"auth.openshift", "docs.openshift.com: OAuth tokens", []form{f("sha256~", csURL64, 43, 43)}},
	{"auth.rancher", "ranchermanager.docs.rancher.com", []form{f("kubeconfig-user-", csTok|csDash, 40, 0)}},
	{"auth.portainer", "docs.portainer.io", []form{f("ptr_", csStd64, 40, 0)}},
	{"auth.tailscale", "tailscale.com/kb", []form{f("tskey-", csURL64, 20, 0)}},
	{"auth.ngrok", "ngrok.com/docs", []form{f("ngrok_", csWord, 30, 0)}},
	{"auth.thingsboard", "thingsboard.io/docs/reference/http-api: device access token", []form{path("thingsboard.cloud/api/v1/", csAlnum, 20), path("thingsboard.io/api/v1/", csAlnum, 20)}},
	{"auth.defined", "docs.defined.net", []form{f("dnkey-", csURL64|csEq, 50, 0)}},

	// Code hosts, registries and builds.
	{"auth.github", "github.blog/2021-04-05-behind-githubs-new-authentication-token-formats", []form{
		f("ghp_", csAlnum, 36, 0), f("gho_", csAlnum, 36, 0), f("ghu_", csAlnum, 36, 0), f("ghs_", csTok, 36, 0), f("ghr_", csAlnum, 36, 0), f("github_pat_", csWord, 50, 0), {prefix: "ghp_", set: csAlnum, min: 30, check: checksummed},
	}},
	{"auth.gitlab", "docs.gitlab.com/security/tokens: token prefixes", []form{
		f("glpat-", csTok, 20, 0), loose("glpat-", csTok, 20, 0), loose("gldt-", csTok, 20, 0), loose("glrt-", csTok, 20, 0), loose("glrtr-", csTok, 20, 0), loose("glcbt-", csTok, 20, 0), loose("glptt-", csTok, 40, 0), loose("glft-", csTok, 20, 0), loose("glimt-", csTok, 20, 0), loose("glagent-", csTok, 40, 0),
		loose("gloas-", csTok, 40, 0), loose("glsoat-", csTok, 20, 0), loose("glffct-", csTok, 20, 0), loose("glwt-", csTok, 20, 0), loose("GR1348941", csURL64, 20, 0), f("_gitlab_session=", csHexLow, 32, 32),
	}},
	{"auth.bitbucket", "support.atlassian.com/bitbucket-cloud: app passwords", []form{f("ATBB", csWord|csEq, 24, 40), f("ATCTT3xFfG", csURL64|csEq, 40, 0)}},
	{"auth.atlassian", "developer.atlassian.com: API tokens", []form{f("ATATT3", csURL64|csEq, 40, 0), f("ATOTT3", csURL64|csEq, 40, 0), f("ATSTT3", csURL64|csEq, 40, 0)}},
	{"auth.npm", "github.blog: npm token format", []form{f("npm_", csAlnum, 36, 0)}},
	{"auth.pypi", "pypi.org/help: API tokens", []form{f("pypi-AgE", csURL64, 40, 0), f("pypi-", csURL64, 85, 0)}},
	{"auth.rubygems", "guides.rubygems.org/api-key-scopes", []form{f("rubygems_", csHexLow, 40, 0)}},
	{"auth.crates", "crates.io: API tokens", []form{f("cio", csAlnum, 32, 32)}},
	{"auth.nuget", "learn.microsoft.com/nuget: API keys", []form{f("oy2", csLowDig, 43, 43)}},
	{"auth.clojars", "clojars.org: deploy tokens", []form{loose("CLOJARS_", csLowDig, 50, 0)}},
	{"auth.hex", "hex.pm/docs", []form{f("hexpm_", csHexLow, 32, 0)}},
	{"auth.docker", "docs.docker.com/security/access-tokens", []form{f("dckr_pat_", csURL64, 20, 0), f("dckr_oat_", csURL64, 20, 0), f("dckr_iat_", csURL64, 20, 0), loose("eyJhdXRocyI6", csStd64, 20, 0)}},
	{"auth.artifactory", "jfrog.com/help: API keys and reference tokens", []form{f("AKCp", csAlnum, 60, 0), f("AKC5", csAlnum, 60, 0), f("AKC1", csAlnum, 60, 0), {prefix: "AKC", set: csAlnum, min: 10, check: artifactory}, f("cmVmd", csAlnum, 55, 0), {prefix: "AP6", set: csAlnum, min: 10, check: artifactory}, {prefix: "AP2", set: csAlnum, min: 10, check: artifactory}, {prefix: "AP3", set: csAlnum, min: 10, check: artifactory}, {prefix: "AP5", set: csAlnum, min: 10, check: artifactory}}},
	{"auth.cloudsmith", "help.cloudsmith.io", []form{f("csa_", csAlnum, 30, 0)}},
	{"auth.circleci", "circleci.com/docs/managing-api-tokens", []form{f("CCIPAT_", csWord, 30, 0), f("CCIPRJ_", csWord, 30, 0)}},
	{"auth.buildkite", "buildkite.com/docs/apis/managing-api-tokens", []form{f("bkua_", csAlnum, 36, 0), f("bkaj_", csTok, 36, 0), f("bkct_", csWord, 30, 0)}},
	{"auth.harness", "developer.harness.io", []form{f("pat.", csTok, 60, 0), f("sat.", csTok, 60, 0)}},
	{"auth.octopus", "octopus.com/docs", []form{f("API-", csUpDig, 25, 32)}},
	{"auth.prefect", "docs.prefect.io", []form{f("pnu_", csAlnum, 36, 0), f("pnb_", csAlnum, 36, 0)}},
	{"auth.sonar", "docs.sonarsource.com: token types", []form{f("squ_", csAlnum, 36, 0), f("sqp_", csAlnum, 36, 0), f("sqa_", csAlnum, 36, 0), f("sqco_", csAlnum, 36, 0)}},
	{"auth.snyk", "docs.snyk.io", []form{f("snyk_", csTok, 30, 0)}},
	{"auth.stackhawk", "docs.stackhawk.com", []form{f("hawk.", csTok, 36, 0)}},
	{"auth.sourcegraph", "sourcegraph.com/docs/cli/how-tos/creating_an_access_token", []form{f("sgp_", csWord, 40, 0), f("slk_", csHexLow, 60, 0), f("sgd_", csHexLow, 60, 0), f("sgs_", csHexLow, 32, 0)}},
	{"auth.jetbrains", "jetbrains.com/help: permanent tokens", []form{f("perm:", csTok|csEq, 40, 0), f("perm-", csTok|csEq, 40, 0)}},
	{"auth.gitter", "developer.gitter.im", []form{f("gitter_", csAlnum, 30, 0)}},
	{"auth.codeclimate", "docs.codeclimate.com", []form{f("qltp_", csAlnum, 30, 0)}},
	{"auth.postman", "learning.postman.com: API keys", []form{f("PMAK-", csHexAny|csDash, 50, 0), f("PMAT-", csUpDig, 26, 0)}},
	{"auth.readme", "docs.readme.com", []form{f("rdme_", csLowDig, 60, 0)}},
	{"auth.retool", "docs.retool.com", []form{f("retool_", csWord, 26, 0)}},
	{"auth.airtable", "airtable.com/developers/web/api/authentication", []form{{prefix: "pat", set: csAlnum | csDot, min: 70, max: 90, check: airtable}}},

	// Chat, mail and messages.
	{"auth.slack", "api.slack.com/concepts/token-types", []form{
		f("xoxb-", csURL64, 10, 0), f("xoxp-", csURL64, 10, 0), f("xoxa-", csURL64, 10, 0), f("xoxo-", csURL64, 10, 0), f("xoxr-", csURL64, 10, 0), f("xoxs-", csURL64, 10, 0), f("xoxc-", csURL64, 10, 0), f("xoxd-", csStd64|csDash|csUnder, 10, 0), f("xoxe-", csURL64, 10, 0), f("xoxe.xox", csTok, 20, 0),
		f("xapp-", csURL64|csPlus, 16, 0), f("xwfp-", csURL64, 20, 0), loosePath("hooks.slack.com/services/", csAlnum|csPlus, 30), loosePath("hooks.slack.com/workflows/", csAlnum|csPlus, 30), loosePath("hooks.slack.com/triggers/", csAlnum|csPlus, 30),
	}},
	{"auth.discord", "discord.com/developers/docs: webhooks", []form{path("discord.com/api/webhooks/", csURL64|csPlus, 60), path("discordapp.com/api/webhooks/", csURL64|csPlus, 60), {prefix: "mfa.", set: csURL64, min: 80}}},
	{"auth.teams", "learn.microsoft.com/microsoftteams: incoming webhooks", []form{path("webhook.office.com/webhookb2/", csTok|csPlus|csAt, 60), path("outlook.office.com/webhook/", csTok|csPlus|csAt, 60)}},
	{"auth.zoom", "developers.zoom.us", []form{path("integrations.zoom.us/chat/webhooks/incomingwebhook/", csURL64|csPlus, 20)}},
	{"auth.hook", "developers.feishu.cn, docs.netlify.com, healthchecks.io/docs, help.make.com, ifttt.com, help.victorops.com, developer.pagerduty.com: the address is the secret", []form{
		path("feishu.cn/open-apis/bot/v2/hook/", csHexAny|csDash, 36), path("larksuite.com/open-apis/bot/v2/hook/", csHexAny|csDash, 36), path("netlify.com/build_hooks/", csHexLow, 24),
		path("hc-ping.com/", csURL64, 22), path("eu1.make.com/", csLowDig, 30), path("eu2.make.com/", csLowDig, 30), path("us1.make.com/", csLowDig, 30), path("us2.make.com/", csLowDig, 30),
		path("ifttt.com/trigger/", csURL64|csPlus, 40), path("victorops.com/integrations/generic/20131114/alert/", csHexAny|csDash, 36), path("pagerduty.com/integration/", csHexLow, 32),
		path("sumologic.com/receiver/v1/http/", csStd64|csURL64, 40), path("loggly.com/inputs/", csHexAny|csDash, 36), path("ftqq.com/", csAlnum, 20),
	}},
	{"auth.node", "docs.infura.io, docs.alchemy.com, quicknode.com/docs: the key is in the path", []form{
		path("infura.io/v3/", csHexLow, 32), path("infura.io/ws/v3/", csHexLow, 32), path("alchemy.com/v2/", csURL64, 30), path("alchemyapi.io/v2/", csURL64, 30), path("quiknode.pro/", csHexLow, 32), path("darksky.net/forecast/", csHexLow, 32),
	}},
	{"auth.zapier", "help.zapier.com", []form{path("hooks.zapier.com/hooks/catch/", csAlnum|csPlus, 12)}},
	{"auth.sendgrid", "docs.sendgrid.com/ui/account-and-settings/api-keys", []form{f("SG.", csTok, 60, 0)}},
	{"auth.mailgun", "documentation.mailgun.com", []form{f("key-", csHexLow|csLower, 32, 32), f("pubkey-", csHexLow, 32, 32)}},
	{"auth.mailersend", "developers.mailersend.com", []form{f("mlsn.", csHexLow, 60, 0)}},
	{"auth.brevo", "developers.brevo.com", []form{f("xkeysib-", csAlnum|csDash, 60, 0), f("xsmtpsib-", csAlnum|csDash, 60, 0)}},
	{"auth.resend", "resend.com/docs", []form{f("re_", csWord, 30, 40)}},
	{"auth.twilio", "twilio.com/docs/iam/api-keys", []form{f("SK", csHexLow, 32, 32)}},
	{"auth.onesignal", "documentation.onesignal.com", []form{f("os_v2_app_", csLowDig, 60, 0), f("os_v2_org_", csLowDig, 60, 0)}},
	{"auth.klaviyo", "developers.klaviyo.com", []form{f("pk_", csHexLow, 34, 34)}},
	{"auth.intercom", "developers.intercom.com", []form{f("dG9rOj", csStd64, 40, 0)}},
	{"auth.hubspot", "developers.hubspot.com: private apps", []form{f("pat-na1-", csHexAny|csDash, 36, 36), f("pat-eu1-", csHexAny|csDash, 36, 36), f("pat-na2-", csHexAny|csDash, 36, 36), f("pat-ap1-", csHexAny|csDash, 36, 36)}},

	// Payments and shops.
	{"auth.stripe", "docs.stripe.com/keys", []form{f("sk_live_", csAlnum, 10, 0), f("sk_test_", csAlnum, 10, 0), f("sk_prod_", csAlnum, 10, 0), f("rk_live_", csAlnum, 10, 0), f("rk_test_", csAlnum, 10, 0), f("rk_prod_", csAlnum, 10, 0), f("whsec_", csStd64, 20, 0), f("sk_org_", csWord, 20, 0), f("pk_live_", csAlnum, 20, 0), f("pk_test_", csAlnum, 20, 0), {prefix: "pi_", set: csWord, min: 57, check: ofIntent}, {prefix: "seti_", set: csWord, min: 57, check: ofIntent}}},
	{"auth.square", "developer.squareup.com/docs", []form{f("sq0atp-", csURL64, 22, 0), f("sq0atb-", csURL64, 22, 0), f("sq0csp-", csURL64, 40, 0), f("sq0csb-", csURL64, 40, 0), f("sq0idp-", csURL64, 22, 0), f("sq0idb-", csURL64, 22, 0), f("EAAA", csURL64|csPlus|csEq, 40, 80)}},
	{"auth.facebook", "developers.facebook.com: access tokens", []form{f("EAACEdEose0cBA", csAlnum, 10, 0), f("EAAB", csAlnum, 80, 0), f("EAAC", csAlnum, 80, 0), f("EAAM", csAlnum, 80, 0), f("EAAG", csAlnum, 80, 0), f("EAAD", csAlnum, 80, 0), f("EAAE", csAlnum, 80, 0), f("EAAF", csAlnum, 80, 0), f("EAAH", csAlnum, 80, 0), f("EAAI", csAlnum, 80, 0), f("EAAJ", csAlnum, 80, 0), f("EAAK", csAlnum, 80, 0), f("EAAL", csAlnum, 80, 0), f("EAAN", csAlnum, 80, 0), f("EAAO", csAlnum, 80, 0), f("EAAP", csAlnum, 80, 0), f("EAAQ", csAlnum, 80, 0), f("EAAR", csAlnum, 80, 0), f("EAAS", csAlnum, 80, 0), f("EAAT", csAlnum, 80, 0), f("EAAU", csAlnum, 80, 0), f("EAAV", csAlnum, 80, 0), f("EAAW", csAlnum, 80, 0), f("EAAX", csAlnum, 80, 0), f("EAAY", csAlnum, 80, 0), f("EAAZ", csAlnum, 80, 0), f("IGQV", csWord, 80, 0)}},
	{"auth.paypal", "developer.paypal.com/braintree: access tokens", []form{f("access_token$production$", csAlnum|csDollar, 40, 0), f("access_token$sandbox$", csAlnum|csDollar, 40, 0), f("A21AA", csURL64, 80, 0)}},
	{"auth.shopify", "shopify.dev/docs/apps/auth", []form{f("shpat_", csHexAny, 30, 0), f("shpca_", csHexAny, 30, 0), f("shppa_", csHexAny, 30, 0), f("shpss_", csHexAny, 30, 0), f("shpua_", csHexAny, 30, 0), f("shptka_", csHexAny, 30, 0)}},
	{"auth.shippo", "docs.goshippo.com", []form{f("shippo_live_", csHexAny, 36, 0), f("shippo_test_", csHexAny, 36, 0)}},
	{"auth.easypost", "docs.easypost.com", []form{f("EZAK", csAlnum, 50, 0), f("EZTK", csAlnum, 50, 0)}},
	{"auth.duffel", "duffel.com/docs", []form{f("duffel_test_", csURL64|csEq, 40, 0), f("duffel_live_", csURL64|csEq, 40, 0)}},
	{"auth.flutterwave", "developer.flutterwave.com", []form{f("FLWSECK_TEST-", csAlnum|csDash, 12, 0), f("FLWSECK-", csAlnum|csDash, 20, 0), f("FLWPUBK_TEST-", csAlnum|csDash, 12, 0), f("FLWPUBK-", csAlnum|csDash, 20, 0), f("FLWSECK_TEST", csAlnum, 12, 12)}},
	{"auth.razorpay", "razorpay.com/docs", []form{f("rzp_live_", csAlnum, 14, 0), f("rzp_test_", csAlnum, 14, 0)}},
	{"auth.twitch", "dev.twitch.tv: stream keys", []form{{prefix: "live_", set: csWord, min: 32, max: 48, check: streamKey}}},
	{"auth.gocardless", "developer.gocardless.com", []form{f("live_", csURL64|csEq, 40, 44), f("sandbox_", csURL64|csEq, 40, 44)}},
	{"auth.mollie", "docs.mollie.com", []form{f("live_", csAlnum, 28, 40), f("test_", csAlnum, 30, 40)}},
	{"auth.lob", "docs.lob.com", []form{f("live_pub_", csHexLow, 30, 0), f("test_pub_", csHexLow, 30, 0), f("live_", csHexLow, 35, 35), f("test_", csHexLow, 35, 35)}},
	{"auth.plaid", "plaid.com/docs/api/tokens", []form{f("access-sandbox-", csHexLow|csDash, 36, 36), f("access-development-", csHexLow|csDash, 36, 36), f("access-production-", csHexLow|csDash, 36, 36), f("public-sandbox-", csHexLow|csDash, 36, 36), f("link-sandbox-", csHexLow|csDash, 36, 36)}},
	{"auth.adyen", "docs.adyen.com: API credentials", []form{f("AQE", csStd64|csDash|csUnder|csBrace, 90, 0)}},
	{"auth.freemius", "freemius.com/help", []form{f("freemius_", csWord, 30, 0)}},
	{"auth.coinbase", "docs.cdp.coinbase.com", []form{f("organizations/", csURL64|csPlus, 80, 120)}},
	{"auth.contentful", "contentful.com/developers/docs", []form{f("CFPAT-", csURL64, 40, 0)}},
	{"auth.wix", "dev.wix.com", []form{f("IST.", csTok, 100, 0)}},

	// Models and data.
	{"auth.openai", "platform.openai.com/docs/api-reference/authentication", []form{f("sk-proj-", csURL64, 20, 0), f("sk-svcacct-", csURL64, 20, 0), f("sk-admin-", csURL64, 20, 0), f("sk-None-", csURL64, 20, 0), {prefix: "sk-", set: csURL64, min: 32, check: openai}, f("sess-", csAlnum, 40, 40)}},
	{"auth.anthropic", "docs.anthropic.com/en/api", []form{loose("sk-ant-", csURL64, 20, 0)}},
	{"auth.openrouter", "openrouter.ai/docs", []form{f("sk-or-v1-", csHexLow, 40, 0), f("sk-or-", csURL64, 40, 0)}},
	{"auth.huggingface", "huggingface.co/docs/hub/security-tokens", []form{loose("hf_", csAlnum, 34, 40), loose("api_org_", csAlnum, 34, 40)}},
	{"auth.groq", "console.groq.com/docs", []form{f("gsk_", csAlnum, 40, 0)}},
	{"auth.xai", "docs.x.ai", []form{f("xai-", csWord, 60, 0)}},
	{"auth.replicate", "replicate.com/docs", []form{f("r8_", csAlnum, 30, 0)}},
	{"auth.perplexity", "docs.perplexity.ai", []form{f("pplx-", csAlnum, 40, 0)}},
	{"auth.cohere", "docs.cohere.com", []form{f("co_", csAlnum, 36, 44)}},
	{"auth.cerebras", "inference-docs.cerebras.ai", []form{f("csk-", csLowDig, 40, 0)}},
	{"auth.fireworks", "docs.fireworks.ai", []form{f("fw_", csAlnum, 20, 30)}},
	{"auth.together", "docs.together.ai", []form{f("tgp_v1_", csURL64, 36, 0)}},
	{"auth.langchain", "docs.smith.langchain.com", []form{f("lsv2_pt_", csHexLow|csUnder, 36, 0), f("lsv2_sk_", csHexLow|csUnder, 36, 0), f("ls__", csHexLow, 32, 0)}},
	{"auth.langfuse", "langfuse.com/docs", []form{f("sk-lf-", csHexLow|csDash, 30, 0), f("pk-lf-", csHexLow|csDash, 30, 0)}},
	{"auth.nvidia", "docs.api.nvidia.com", []form{f("nvapi-", csURL64, 40, 0)}},
	{"auth.jina", "jina.ai/embeddings", []form{f("jina_", csURL64, 40, 0)}},
	{"auth.tavily", "docs.tavily.com", []form{f("tvly-", csURL64, 20, 0)}},
	{"auth.firecrawl", "docs.firecrawl.dev", []form{f("fc-", csHexLow, 32, 32)}},
	{"auth.voyage", "docs.voyageai.com", []form{f("pa-", csURL64, 40, 50)}},
	{"auth.elevenlabs", "elevenlabs.io/docs", []form{f("sk_", csHexLow, 48, 48)}},
	{"auth.wandb", "docs.wandb.ai", []form{f("wandb_v1_", csWord, 40, 0), f("local-", csHexLow, 40, 40)}},
	{"auth.kaggle", "kaggle.com/docs/api", []form{f("KGAT_", csHexLow, 32, 0)}},
	{"auth.roboflow", "docs.roboflow.com", []form{f("rf_", csAlnum, 20, 40)}},

	// Observation and incidents.
	{"auth.grafana", "grafana.com/docs: service accounts, access policies", []form{f("glsa_", csWord, 36, 0), f("glc_", csStd64, 32, 0)}},
	{"auth.sentry", "docs.sentry.io/account/auth-tokens", []form{f("sntrys_", csStd64|csUnder, 40, 0), f("sntryu_", csHexLow, 40, 0), f("sntrya_", csHexLow, 40, 0), f("sntryi_", csHexLow, 40, 0)}},
	{"auth.newrelic", "docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys", []form{f("NRAK-", csAlnum, 20, 0), f("NRJS-", csAlnum, 15, 0), f("NRIQ-", csURL64, 25, 0), f("NRII-", csURL64, 25, 0), f("NRRA-", csAlnum, 25, 0), f("NRAA-", csAlnum, 20, 0), f("NRBR-", csAlnum, 20, 0), f("NRSP-", csAlnum|csDash, 20, 0)}},
	{"auth.dynatrace", "docs.dynatrace.com: access token format", []form{f("dt0c01.", csTok, 60, 0), f("dt0s01.", csTok, 30, 0), f("dt0s02.", csTok, 30, 0), f("dt0s08.", csTok, 30, 0), f("dt0s16.", csTok, 30, 0)}},
	{"auth.datadog", "docs.datadoghq.com/account_management/api-app-keys", []form{f("ddapp_", csAlnum, 30, 0), f("ddpat_", csAlnum, 30, 0)}},
	{"auth.honeycomb", "docs.honeycomb.io", []form{f("hcaik_", csLowDig, 50, 0), f("hcxik_", csLowDig, 50, 0), f("hcbik_", csLowDig, 50, 0), f("hcaic_", csLowDig, 50, 0), f("hcxlk_", csLowDig, 20, 0), f("hcxmk_", csLowDig, 20, 0)}},
	{"auth.axiom", "axiom.co/docs", []form{f("xaat-", csHexLow|csDash, 36, 0), f("xapt-", csHexLow|csDash, 36, 0)}},
	{"auth.logfire", "logfire.pydantic.dev", []form{f("pylf_v1_", csWord, 30, 0), f("pylf_v2_", csWord, 30, 0)}},
	{"auth.posthog", "posthog.com/docs/api", []form{f("phc_", csAlnum, 40, 0), f("phx_", csAlnum, 40, 0), f("phs_", csAlnum, 40, 0)}},
	{"auth.coralogix", "coralogix.com/docs", []form{f("cxtp_", csAlnum, 28, 0), f("cxup_", csAlnum, 28, 0)}},
	{"auth.infracost", "infracost.io/docs", []form{f("ico-", csAlnum, 32, 32)}},
	{"auth.launchdarkly", "launchdarkly.com/docs", []form{f("api-", csHexLow|csDash, 36, 36), f("sdk-", csHexLow|csDash, 36, 36), f("mob-", csHexLow|csDash, 36, 36)}},
	{"auth.rootly", "docs.rootly.com", []form{f("rootly_", csHexLow, 60, 0)}},
	{"auth.adafruit", "io.adafruit.com/api/docs", []form{f("aio_", csAlnum, 26, 32)}},
	{"auth.adobe", "developer.adobe.com: OAuth credentials", []form{f("p8e-", csURL64, 32, 36), f("p8-", csURL64, 30, 40)}},
	{"auth.figma", "figma.com/developers/api", []form{f("figd_", csURL64, 36, 0), f("figu_", csURL64, 36, 0), f("figo_", csURL64, 36, 0), f("figr_", csURL64, 36, 0)}},
	{"auth.frameio", "developer.frame.io", []form{f("fio-u-", csURL64|csEq, 60, 0)}},
	{"auth.linear", "linear.app/developers", []form{f("lin_api_", csAlnum, 36, 0), f("lin_oauth_", csAlnum, 36, 0), f("lin_wh_", csAlnum, 30, 0)}},
	{"auth.notion", "developers.notion.com", []form{f("ntn_", csAlnum, 36, 0), f("secret_", csAlnum, 40, 50)}},
	{"auth.typeform", "typeform.com/developers", []form{f("tfp_", csTok|csEq, 40, 0)}},
	{"auth.clickup", "developer.clickup.com", []form{{prefix: "pk_", set: csUpDig | csUnder, min: 38, max: 44}}},
	{"auth.asana", "developers.asana.com", []form{f("oauth2:", csAlnum|csDash, 36, 0)}},
	{"auth.dropbox", "dropbox.com/developers", []form{f("sl.", csURL64, 60, 0), f("sl.u.", csURL64, 60, 0)}},
	{"auth.mapbox", "docs.mapbox.com/help/dive-deeper/access-tokens", []form{f("sk.eyJ", csTok, 60, 0), f("tk.eyJ", csTok, 60, 0), f("pk.eyJ", csTok, 60, 0)}},
	{"auth.dependencytrack", "docs.dependencytrack.org", []form{f("odt_", csAlnum, 30, 0)}},
	{"auth.authress", "authress.io", []form{f("authress_", csTok|csEq, 60, 0), f("scauth_", csTok|csEq, 60, 0), f("sc_", csTok|csEq, 80, 0), f("ext_", csTok|csEq, 80, 0)}},
	{"auth.intra42", "api.intra.42.fr", []form{f("s-s4t2ud-", csHexLow, 60, 0), f("s-s4t2af-", csHexLow, 60, 0)}},
	{"auth.settlemint", "console.settlemint.com", []form{f("sm_aat_", csAlnum, 16, 0), f("sm_pat_", csAlnum, 16, 0), f("sm_sat_", csAlnum, 16, 0)}},
	{"auth.scalingo", "developers.scalingo.com", []form{f("tk-us-", csURL64, 40, 0), f("tk-fr-", csURL64, 40, 0)}},
	{"auth.trello", "developer.atlassian.com/cloud/trello: authorization", []form{f("ATTA", csHexLow, 60, 76)}},
	{"auth.nylas", "developer.nylas.com: API keys", []form{f("nyk_v0_", csAlnum, 40, 0)}},
	{"auth.deno", "docs.deno.com/deploy: access tokens", []form{f("ddp_", csAlnum, 36, 40), f("ddo_", csAlnum, 36, 40), f("ddw_", csAlnum, 36, 40)}},
	{"auth.runpod", "docs.runpod.io: API keys", []form{f("rpa_", csAlnum, 40, 0)}},
	{"auth.paddle", "developer.paddle.com: API keys", []form{f("pdl_live_apikey_", csWord, 40, 0), f("pdl_sdbx_apikey_", csWord, 40, 0), f("pdl_ntfset_", csWord, 40, 0)}},
	{"auth.polar", "docs.polar.sh: access tokens", []form{f("polar_oat_", csAlnum, 30, 0), f("polar_pat_", csAlnum, 30, 0)}},
	{"auth.tinybird", "tinybird.co/docs: tokens", []form{f("p.eyJ", csTok, 60, 0)}},
	{"auth.xata", "xata.io/docs: API keys", []form{f("xau_", csAlnum, 30, 0)}},
	{"auth.trigger", "trigger.dev/docs: API keys", []form{f("tr_dev_", csAlnum, 20, 0), f("tr_prod_", csAlnum, 20, 0), f("tr_stg_", csAlnum, 20, 0), f("tr_pat_", csAlnum, 20, 0)}},
	{"auth.dbt", "docs.getdbt.com: API tokens", []form{f("dbtc_", csURL64, 30, 0), f("dbts_", csURL64, 30, 0), f("dbtu_", csURL64, 30, 0)}},
	{"auth.chromatic", "chromatic.com/docs: project token", []form{f("chpt_", csAlnum, 12, 0)}},
	{"auth.socket", "docs.socket.dev: API tokens", []form{f("sktsec_", csURL64, 30, 0)}},
	{"auth.amazon-login", "developer.amazon.com/docs/login-with-amazon", []form{f("amzn1.oa2-cs.v1.", csHexLow, 60, 0), f("Atza|", csURL64|csPlus|csEq, 60, 0), f("Atzr|", csURL64|csPlus|csEq, 60, 0)}},
	{"auth.cockroachdb", "cockroachlabs.com/docs/cockroachcloud: service accounts", []form{f("CCDB1_", csWord, 40, 0)}},
	{"auth.elastic", "elastic.co/docs: Elastic Cloud API keys", []form{f("essu_", csStd64|csURL64, 40, 0)}},
	{"auth.gitpod", "gitpod.io/docs: access tokens", []form{f("gitpod_pat_", csTok, 40, 0)}},
	{"auth.codesandbox", "codesandbox.io/docs: API tokens", []form{f("csb_v1_", csURL64, 36, 0)}},
	{"auth.firebase", "firebase.google.com/docs/cloud-messaging: registration tokens", []form{{prefix: "APA91b", set: csURL64, min: 100, led: true}}},
	{"auth.mercadopago", "mercadopago.com/developers: credentials", []form{f("APP_USR-", csAlnum|csDash, 40, 0)}},
	{"auth.xendit", "docs.xendit.co: API keys", []form{f("xnd_development_", csAlnum, 30, 0), f("xnd_production_", csAlnum, 30, 0)}},
	{"auth.midtrans", "docs.midtrans.com: access keys", []form{f("SB-Mid-server-", csURL64, 16, 0), f("Mid-server-", csURL64, 16, 0)}},
	{"auth.omise", "docs.omise.co: keys", []form{f("skey_test_", csLowDig, 15, 0), f("skey_live_", csLowDig, 15, 0), f("skey_", csLowDig, 15, 30)}},
	{"auth.bitcoin", "BIP 32: serialization of extended private keys", []form{f("xprv", csAlnum, 100, 112), f("tprv", csAlnum, 100, 112), f("zprv", csAlnum, 100, 112)}},
	{"auth.nostr", "NIP-19: bech32 of private keys", []form{f("nsec1", csLowDig, 58, 58)}},
	{"auth.volcengine", "volcengine.com/docs: access keys", []form{f("AKLT", csURL64, 40, 0)}},
	{"auth.baidu", "cloud.baidu.com/doc: API keys", []form{f("bce-v3/ALTAK-", csAlnum|csPlus|csDash, 40, 0)}},
	{"auth.checkly", "checklyhq.com/docs: API keys", []form{f("cu_", csHexLow, 32, 32)}},
	{"auth.pem-base64", "RFC 7468, encoded once more as Kubernetes does", []form{{prefix: "LS0tLS1CRUdJTi", set: csStd64, min: 40, check: pemBase64}}},
	{"auth.stored-hash", "RFC 2307 userPassword; docs.djangoproject.com: password storage", []form{
		f("SSHA}", csStd64, 24, 0), f("SHA}", csStd64, 24, 0), f("SMD5}", csStd64, 20, 0), f("SSHA256}", csStd64, 24, 0), f("SSHA512}", csStd64, 24, 0), f("CRYPT}", csHash, 13, 0),
		f("pbkdf2_sha256$", csHash, 40, 0), f("pbkdf2_sha512$", csHash, 40, 0), f("bcrypt_sha256$", csHash, 40, 0), f("argon2$", csHash, 40, 0),
		loosePath("aad3b435b51404eeaad3b435b51404ee:", csHexAny, 32), // the hash of no password, as LAN Manager makes it, and the one of NT
	}},
	{"auth.age", "age-encryption.org/v1", []form{loose("AGE-SECRET-KEY-1", csUpDig, 50, 0)}},
	{"auth.django", "docs.djangoproject.com: SECRET_KEY", []form{{prefix: "django-insecure-", set: ^(csSpace | csQuote | csComma), min: 20, check: always}}},
	{"auth.persona", "docs.withpersona.com", []form{f("persona_production_", csAlnum|csDash, 30, 0), f("persona_sandbox_", csAlnum|csDash, 30, 0)}},
	{"auth.stytch", "stytch.com/docs", []form{f("secret-live-", csStd64|csDash|csUnder, 30, 0), f("secret-test-", csStd64|csDash|csUnder, 30, 0)}},
	{"auth.statsig", "docs.statsig.com", []form{f("secret-", csAlnum, 40, 60), f("console-", csAlnum, 40, 60)}},
	{"auth.inngest", "inngest.com/docs", []form{f("signkey-", csAlnum|csDash, 32, 0)}},
	{"auth.lichess", "lichess.org/api", []form{f("lip_", csAlnum, 20, 30)}},
	{"auth.pangea", "pangea.cloud/docs", []form{f("pts_", csLowDig, 28, 40)}},
	{"auth.tines", "tines.com/api", []form{f("tines_", csAlnum, 30, 0)}},
	{"auth.endor", "docs.endorlabs.com", []form{f("endr+", csURL64, 12, 0)}},
	{"auth.zuplo", "zuplo.com/docs", []form{f("zpka_", csWord, 36, 0)}},
	{"auth.thunderstore", "thunderstore.io/api/docs", []form{f("tss_", csAlnum, 32, 0)}},
	{"auth.apify", "docs.apify.com", []form{f("apify_api_", csAlnum, 30, 0), f("apify_proxy_", csAlnum, 30, 0)}},
	{"auth.e2b", "e2b.dev/docs", []form{f("e2b_", csHexLow, 36, 0)}},
	{"auth.workos", "workos.com/docs", []form{{prefix: "sk_", set: csAlnum, min: 60}}},
}

func init() { //nolint:gochecknoinits // the table of forms is long, and a rule is made of each
	for _, t := range tokenRules {
		r := builtin(t.name, Auth, t.source)
		for _, f := range t.forms {
			f.rule = r
			r.forms = append(r.forms, f)
		}
	}
}

// pemBase64 tells whether what base64 hides is a private key.
func pemBase64(token string) bool {
	head := token[:min(len(token), 64)/4*4]
	plain, err := base64.StdEncoding.DecodeString(head)
	return err == nil && strings.Contains(string(plain), "PRIVATE KEY")
}

// ofIntent tells whether token is the id of an intent of Stripe and its secret.
func ofIntent(token string) bool {
	id, secret, ok := strings.Cut(token[strings.IndexByte(token, '_')+1:], "_secret_")
	return ok && len(id) == 24 && len(secret) >= 25 && csAlnum.only(id) && csAlnum.only(secret)
}

// streamKey tells whether token is a prefix, a number and a random part.
func streamKey(token string) bool {
	parts := strings.Split(token, "_")
	return len(parts) == 3 && len(parts[1]) >= 6 && csDigit.only(parts[1]) && len(parts[2]) >= 20
}

// artifactory tells a key from a name in capital letters.
func artifactory(token string) bool {
	return len(token) > 256 || classes(token)&csLow != 0 && (mixed(token) || token[3] >= 'a')
}

// airtable tells whether token is 17 letters and digits, a dot and 64 of
// hexadecimal.
func airtable(token string) bool {
	id, secret, ok := strings.Cut(token, ".")
	return ok && len(id) == 17 && len(secret) == 64 && csHexAny.only(secret)
}

// openai tells a key from a hyphenated name.
func openai(token string) bool {
	if len(token) > 256 {
		return true
	}
	return mixed(token[3:]) && (strings.Contains(token, "T3BlbkFJ") || classes(token[3:])&csUp != 0 && strings.Count(token, "-") <= 3 || csAlnum.only(token[3:]))
}
