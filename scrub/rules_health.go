package scrub

var ruleRecord = builtin("health.record", Health, "HIPAA 45 CFR 164.514(b)(2)(i)(H), (I): record and beneficiary numbers behind a word that names them")
