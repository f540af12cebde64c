package detect

import "strings"

var (
	ruleLicense   = builtin("auth.newrelic-license", Auth, "docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys: license key")
	ruleMailchimp = builtin("auth.mailchimp", Auth, "mailchimp.com/developer: the data center ends the key")
	ruleAzureID   = builtin("auth.azure-signed", Auth, "learn.microsoft.com: identifiable secrets, signature inside the key")
)

// signatures are signs that vendors put into the middle or at the end of a
// key, and how many letters and digits stand before and after them.
var signatures = []struct {
	text          string
	set           charset
	before, after int
	rule          *Rule
}{
	{"NRAL", csAlnum, 36, 0, ruleLicense},
	{"JQQJ", csAlnum, 52, 28, ruleAzureID},
	{"us1", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us2", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us3", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us4", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us5", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us6", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us7", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us8", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us9", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"Q~", csTok | csTilde, 4, 31, ruleAzureID},
	{"AZDO", csAlnum, 76, 4, ruleAzureID},
	{"AIoT", csStd64, 33, 4, ruleAzureID},
	{"ACRA", csStd64, 42, 4, ruleAzureID},
	{"AzFu", csURL64, 44, 8, ruleAzureID},
	{"AzSe", csAlnum, 42, 6, ruleAzureID},
	{"APIM", csStd64, 76, 4, ruleAzureID},
	{"ASbT", csStd64, 33, 4, ruleAzureID},
	{"AEhS", csStd64, 33, 4, ruleAzureID},
	{"ACDb", csStd64, 76, 4, ruleAzureID},
}

// signature looks at a sign inside a token.
func (sc *scan) signature(text string, i int) {
	for k := range signatures {
		g := &signatures[k]
		if g.text != text {
			continue
		}
		start := sc.back(g.set, i, g.before+1)
		end := sc.runEnd(g.set, i)
		want := i + len(text) + g.after
		if i-start != g.before || end < want || end > want+4 {
			return
		}
		if mixed(sc.text[start:end]) {
			sc.found(g.rule, start, end)
		}
		return
	}
}

// discordForm is a bot token: the id of the bot in base64, a time, a MAC.
var discordForm = form{set: csTok, min: 57, max: 80, check: discord, rule: builtin("auth.discord-bot", Auth, "discord.com/developers/docs/reference: authentication")}

// discord tells whether token has three parts of the lengths of a discordForm.
func discord(token string) bool {
	parts := strings.Split(token, ".")
	return len(parts) == 3 && len(parts[0]) >= 23 && len(parts[0]) <= 28 && len(parts[1]) >= 6 && len(parts[1]) <= 7 && len(parts[2]) >= 27 && len(parts[2]) <= 40
}

var ruleTelegram = builtin("auth.telegram", Auth, "core.telegram.org/bots/api#authorizing-your-bot")

// telegram looks for a bot token: id, colon, 35 characters that start with A
// unless "bot" stands before them, as in a URL.
func (sc *scan) telegram(i int) bool {
	text := sc.text
	bot := strings.HasSuffix(text[:i], "bot")
	if i > 0 && csAlnum.has(text[i-1]) && !bot && !escapeBefore(text, i) {
		return false
	}
	p := i
	for p < len(text) && p-i < 12 && csDigit.has(text[p]) {
		p++
	}
	sc.steps += p - i
	if p-i < 6 || !strings.HasPrefix(text[p:], ":") || !bot && !strings.HasPrefix(text[p:], ":A") {
		return false
	}
	end := sc.runEnd(csURL64, p+1)
	if n := end - p - 1; n < 33 || n > 37 {
		return false
	}
	sc.found(ruleTelegram, i, end)
	return true
}

var ruleSalesforce = builtin("auth.salesforce", Auth, "Salesforce REST API Developer Guide: session IDs")

// bang looks at a ! : the middle of a Salesforce session id, which starts
// with the id of an organisation.
func (sc *scan) bang(i int) {
	start := i
	for start > sc.done && i-start < 19 && csAlnum.has(sc.text[start-1]) {
		start--
	}
	sc.steps += i - start + 1
	if n := i - start; n != 15 && n != 18 || !strings.HasPrefix(sc.text[start:], "00D") {
		return
	}
	end := sc.runEnd(csWord|csDot, i+1)
	if end-i >= 60 {
		sc.found(ruleSalesforce, start, end)
	}
}
