package detect

import "strings"

// benignValues are words that say something about a secret instead of being
// one.
var benignValues = wordSet(`incorrect expired invalid required missing wrong ok yes no authentication auth failed failure success succeeded accepted denied rejected changed updated reset
	empty unset set not none null nil undefined unknown disabled enabled optional mandatory default hidden masked redacted filtered removed sensitive protected encrypted hashed
	base64 base64url base64-std base32 utf8 utf-8 utf-16 latin1 sha1 sha256 sha-256 sha384 sha512 sha-512 hs384 hs512 rs384 rs512 es256 es384 es512 ps256 ed25519 aes128 aes256 aes-256-gcm rsa2048 rsa4096
	basic bearer digest aws4-hmac-sha256 negotiate kerberos ntlm oauth oauth2 oidc saml jwt hs256 rs256 cookie header query string str text number int integer bool boolean object array bytes char varchar
	true false on off is was has must should cannot could may the a an this that your my for from to of in with and or but if when while must-change forbidden unauthorized
	valid verified unverified active inactive revoked refreshed created deleted generated received sent found absent present ignored skipped stored loaded check checking error warn info debug
	chauthtok setcred account session str enum any all pending same-origin include omit
	prompt interactive file env environment vault secret token password key keyring keychain stdin ldap pam publickey keyboard-interactive hostbased plain login cram-md5 scram-sha-256 md5 trust peer ident reject)`)

// statusValues say how a machine is, not a person, and are no passwords to be
// let through.
var statusValues = wordSet(`green yellow red up down healthy unhealthy running ready passing degraded starting started stopped pass passed fail control unspecified`)

// keyTypes are what SSH calls its keys.
var keyTypes = wordSet(`ssh-rsa ssh-dss ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 rsa-sha2-256 rsa-sha2-512`)

// yamlTags stand before a name instead of a value: password: !Ref DBPassword.
var yamlTags = wordSet(`!Ref !Sub !GetAtt !ImportValue !Join !FindInMap !vault !secret !env !ENV !env_var !encrypted !reference !!null`)

// placeholder tells that value stands for a secret that is not there: a
// mask, a variable, a verb of a format, nothing.
func placeholder(value string) bool {
	if value == "" {
		return true
	}
	if inside, ok := strings.CutPrefix(value, "${"); ok && csAlnum.only(inside) && guarded(inside) && !standIn(inside) {
		return false // ${hunter2
	}
	switch value[0] {
	case '$':
		if len(value) > 1 && (value[1] == '{' || value[1] == '(' || (csUp|csUnder|csDigit).only(value[1:]) && csUp.has(value[1]) || variable(value)) {
			return true
		}
	case '\'', '"':
		if n := len(value); n > 4 && value[1] == '$' && value[n-1] == value[0] { // "'$X'"
			return placeholder(value[1 : n-1])
		}
	case '{':
		if strings.HasPrefix(value, "{{") && strings.HasSuffix(value, "}}") || len(value) == 1 || value[len(value)-1] == '}' || value[1] == '"' {
			return true
		}
	case '<':
		if value[len(value)-1] == '>' || strings.HasPrefix(value, "<nil") || strings.HasPrefix(value, "<%") {
			return true
		}
	case '%':
		if len(value) <= 3 || value[len(value)-1] == '%' && csWord.only(value[1:len(value)-1]) {
			return true // %s, %DB_PASSWORD%
		}
	case '[', '(':
		if strings.HasPrefix(value, "[REDACTED") || stand(value) {
			return true
		}
	case '?', '*', 'x', 'X', '.', '-', '_', '#':
		if strings.HasPrefix(value, "#{") || strings.Count(value, value[:1]) == len(value) && (len(value) > 2 || !csLetter.has(value[0])) {
			return true
		}
	}
	if pointer(value) {
		return true
	}
	if len(value) <= 9 {
		switch strings.ToLower(value) {
		case "null", "nil", "none", "true", "false", "undefined", "nan", "redacted", "filtered", "<empty>", "<none>", "n/a":
			return true
		}
	}
	if noLog[value] || fillIn(value) {
		return true
	}
	return strings.HasPrefix(value, "***") && classes(strings.Trim(value, "*"))&csAlnum == 0 || strings.HasPrefix(value, "***") && stand("<"+strings.Trim(value, "*")+">")
}

// noLog is what Ansible prints for what is not to be logged.
var noLog = wordSet(`NOT_LOGGING_PASSWORD VALUE_SPECIFIED_IN_NO_LOG_PARAMETER`)

// fillIn tells whether value is a name in capitals between two marks that a
// deployment fills in: __TOKEN__, @@TOKEN@@.
func fillIn(value string) bool {
	if len(value) < 6 || len(value) > 64 || value[0] != '_' && value[0] != '@' || value[1] != value[0] || value[len(value)-2:] != value[:2] {
		return false
	}
	return csUp.has(value[2]) && (csUp | csUnder | csDigit).only(value[2:len(value)-2])
}

// stores are where pointer looks for a secret by its name.
var stores = wordSet("env file fd vault ssm secretsmanager awssm sm op keyring keychain kv azurekeyvault gcpsm secretref sops")

// pointer tells whether value says where the secret is kept: env:PGPASSWORD,
// vault:secret/data/x#key, op://vault/item/field.
func pointer(value string) bool {
	n := strings.IndexByte(value[:min(len(value), 16)], ':')
	if n < 2 || len(value) > maxCode || !stores[value[:n]] || len(value) < n+2 {
		return false
	}
	name := value[n+1:]
	return (csUp|csUnder|csDigit).only(name) && csUp.has(name[0]) || value[:n] == "fd" && csDigit.only(name) ||
		strings.IndexByte(name, '/') >= 0 && changes(name)*2 < len(name)
}

// variable tells whether value is a variable of a shell that is named like a
// secret: $db_password.
func variable(value string) bool {
	if len(value) > 64 || !csWord.only(value[1:]) || strings.IndexByte(value, '_') < 0 {
		return false
	}
	return standIn(value)
}

// standIn tells whether a name says what it stands for.
func standIn(name string) bool {
	for _, w := range [...]string{"pass", "pwd", "secret", "token", "key"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// conversions are types of Go that a value is converted to.
var conversions = wordSet("int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64")

// cmdletVerbs start the names of commands of PowerShell that return something.
var cmdletVerbs = wordSet("Convert ConvertTo ConvertFrom Get New Read Import Invoke")

// maxCode is longer than any piece of a program that stands for a secret.
const maxCode = 256

// code tells that an unquoted value is a piece of a program: a call, a
// member, a variable, a printed object.
func code(value string) bool {
	if len(value) > maxCode {
		return false
	}
	value = strings.TrimLeft(value, "\\&*")
	if verb, noun, ok := strings.Cut(value, "-"); ok && cmdletVerbs[verb] && csLetter.only(noun) {
		return true // of PowerShell: Read-Host
	}
	if strings.HasPrefix(value, "$") {
		n := 1
		for n < len(value) && csWord.has(value[n]) {
			n++
		}
		if rest := value[n:]; n > 2 && !mixed(value[:n]) && (strings.HasPrefix(rest, "[") || strings.HasPrefix(rest, "->") || strings.HasPrefix(rest, "/") && (csUp|csUnder).only(value[1:n])) {
			return true // $_POST[…], $BASE_URL/reset
		}
	}
	i := 0
	for i < len(value) && (csWord | csDot).has(value[i]) {
		i++
	}
	if i == len(value) {
		for _, root := range [...]string{"self.", "this.", "os.", "process.", "env.", "config.", "cfg.", "conf.", "options.", "opts.", "args.", "req.", "request.", "params.", "props.", "settings.", "ctx.", "data.", "var.", "local.", "secrets.", "user.", "module."} {
			if strings.HasPrefix(value, root) {
				return true
			}
		}
		return attributeOf(value) || typeLike(value)
	}
	if rest := strings.TrimRight(value, "("); strings.Contains(rest, "::") && csWord.only(strings.ReplaceAll(rest, "::", "")) && len(rest) < len(value) {
		return true // std::env::var(
	}
	if yamlTags[value] {
		return true
	}
	if value[i] == '<' && strings.HasSuffix(value, ">") && csLetter.only(value[:i]) && i > 0 {
		return true // Option<String>
	}
	if dot := strings.LastIndexByte(value[:i], '.'); dot > 0 && dot+2 < i && value[i] == '(' && csUp.has(value[dot+1]) && csLow.has(value[dot+2]) && csLow.has(value[0]) || value[i] == '(' && conversions[value[:i]] {
		return true // credentials.NewStaticV4(, uint32(
	}
	if i >= 2 && (value[i] == '(' || value[i] == '[' || i >= 3 && value[i] == '{' && !strings.HasPrefix(value[i:], "{{")) && csLetter.has(value[0]) && !mixed(value[:i]) {
		return true
	}
	if i < len(value) && value[i] == '@' && strings.IndexByte(value[:i], '.') > 0 && csHexAny.only(value[i+1:]) { // java.lang.Object@1b2c3d
		return true
	}
	if value[0] == '$' && csWord.only(value[1:]) && !mixed(value) {
		return true
	}
	return strings.Contains(value, "->") || strings.HasPrefix(value, "@") && csWord.only(value[1:])
}

// attributeOf tells whether value names the attribute of a resource of Terraform:
// random_password.db.result.
func attributeOf(value string) bool {
	kind, rest, _ := strings.Cut(value, ".")
	name, attribute, ok := strings.Cut(rest, ".")
	return ok && name != "" && strings.IndexByte(kind, '_') > 0 && (csLow | csUnder).only(kind) && attribute != "" && (csLow | csUnder | csDot).only(attribute)
}

// typeEnds end the names of types that a field of a secret may have.
var typeEnds = [...]string{"Str", "String", "Dto", "DTO", "Hasher", "Encoder", "Service", "Provider", "Manager", "Schema", "Validator", "Repository", "Factory", "Config", "Options", "Input", "Type"}

// typeLike tells whether value is the name of such a type: SecretStr.
func typeLike(value string) bool {
	if value == "" || !csLetter.only(value) || !csUp.has(value[0]) {
		return false
	}
	for _, end := range typeEnds {
		if strings.HasSuffix(value, end) && len(value) > len(end) {
			return true
		}
	}
	return false
}

// fits tells whether value can be what the key promises.
func fits(r *Rule, want shape, value string, a *assignment) bool {
	named := a.sep == sepEqual || a.sep == sepColon
	literal := a.pair && a.sep != sepIs || a.sep == sepTag || a.sep == sepMember // both sides are marked as data
	if a.sep == sepBare {
		return want == shapeToken && len(value) >= minBare || want == shapeDigits || want == shapeAny || want == shapePhrase || want == shapeNumber || want == shapeBIC || want == shapeQuoted && degrees(value)
	}
	if folded(benignValues, value) && !(a.param || r.Category == Password && (literal || a.sep == sepEqual || a.sep == sepSpace && a.lineStart)) {
		return false
	}
	if a.sep == sepFlag && folded(flagNouns, value) {
		return false
	}
	if r.Category != Password && r.Category != Auth && (folded(statusValues, value) || pathLike(value)) || !a.quoted && duration(value) {
		return false
	}
	if r.Category == Health && counts(value) {
		return false
	}
	switch want {
	case shapeAny:
		if (says(value) || sentence(value)) && (a.quoted || a.sep == sepColon) || a.quoted && rulesOf(value) {
			return false
		}
		if csDigit.only(value) && len(value) <= 3 || pathLike(value) || strings.HasPrefix(value, "arn:aws") {
			return false
		}
		switch {
		case a.sep == sepSpace && a.quoted:
			return len(value) >= 2
		case a.quoted, literal, a.sep == sepEqual, a.sep == sepFlag, a.query:
			return true
		case a.sep == sepIs:
			return classes(value)&^csLetter != 0 && digits(value) > 0
		case a.sep == sepSpace:
			return true
		default: // password: x
			return len(value) >= 3
		}
	case shapeToken:
		return a.param || tokenish(value, a)
	case shapeRandom:
		if r == keyAuth && a.pair && a.quoted && len(value) >= 12 && mixed(value) && (csAlnum | csDash | csUnder).only(value) && !csHexAny.only(value) && !uuid(value) {
			return true // {"tokens": ["…"]}
		}
		if id, secret, ok := strings.Cut(value, ":"); ok && len(id) <= 32 && csTok.only(id) && (random(secret) || len(secret) >= 64 && csHexAny.only(secret)) {
			return true // an id and the secret
		}
		return random(undigested(value)) || len(value)%4 == 0 && !csHexAny.only(value) && !uuid(value) && undigested(value) == value && basic(value)
	case shapeDigits:
		if value[0] == '^' || value[0] == '~' || (r == keyPII || r == keyFinancial) && (address(value) || strings.HasPrefix(value, "arn:") || strings.Contains(value, "/") && strings.Contains(value, ":")) {
			return false
		}
		return a.sep != sepSpace && len(value) <= 64 && digits(value) >= 3 && (!looksLikeTime(value) || r == keyPII && value[2] != ':') || literal && len(value) >= 4 && a.quoted
	case shapeMail:
		return strings.IndexByte(value, '@') > 0 || strings.Contains(value, "%40")
	case shapePhone:
		return len(value) <= 32 && digits(value) >= 7 && !looksLikeTime(value) && !strings.HasPrefix(value, "0x") && !peer(value)
	case shapePhrase:
		return len(value) >= 2 && (literal || a.sep == sepColon || a.sep == sepEqual || a.sep == sepTag || a.sep == sepIs) && csSymbols(value)
	case shapeQuoted:
		if r.Category == Auth {
			return literal || a.quoted && a.sep == sepEqual
		}
		if literal || a.quoted && a.sep == sepEqual {
			return true
		}
		return named && csSymbols(value) && (a.sep == sepEqual || a.sep == sepColon && (a.compound || a.quoted || a.keyEnd-a.keyStart >= 6 || digits(value) >= 4 && len(value) <= 10))
	case shapeMember:
		return literal && !flag(value) && !address(value) && csLetter&classes(value) != 0
	case shapeNumber:
		return a.sep != sepSpace && len(value) <= 24 && digits(value) > 0
	case shapeWords:
		return len(value) >= 3 && (r.Category != Auth || strings.IndexByte(value, ' ') > 0)
	case shapeHex:
		return len(value) >= 32 && csHexAny.only(value) && mixed(value) || random(value)
	case shapeExpiry:
		return cardExpiry(value)
	case shapeBIC:
		return bic(value)
	case shapeCoin:
		return coin(value)
	case shapeDegrees:
		return degrees(value)
	case shapeStreet:
		return street(value)
	case shapeNational:
		return !a.name.unlike(value)
	default:
		return false
	}
}

// pathLike tells whether value is the path of a file or a page, of words and
// not of what base64 happens to look like.
func pathLike(value string) bool {
	if len(value) > maxCode || strings.Count(value, "/") < 2 || !strings.HasPrefix(strings.TrimLeft(value, ".~"), "/") {
		return false
	}
	for i := range len(value) {
		if !csTok.has(value[i]) && strings.IndexByte("/@ ~{}*:", value[i]) < 0 {
			return false
		}
	}
	return changes(value)*2 < len(value)
}

// duration tells whether value is a number and a unit of time or size.
func duration(value string) bool {
	n := 0
	for n < len(value) && (csDigit | csDot).has(value[n]) {
		n++
	}
	if n == 0 || len(value)-n > 3 {
		return false
	}
	switch value[n:] {
	case "ns", "us", "µs", "ms", "s", "m", "h", "%", "KB", "MB", "GB", "kB", "KiB", "MiB", "GiB":
		return true
	}
	return false
}

// version tells whether value is a number of digits and dots, with a v before
// or a word behind: v1.24.3, 2.0.0-rc.1.
func version(value string) bool {
	v := strings.TrimPrefix(strings.TrimLeft(value, "^~"), "v")
	n, dots := 0, 0
	for n < len(v) && (csDigit | csDot).has(v[n]) {
		if v[n] == '.' {
			dots++
		}
		n++
	}
	return len(value) <= 24 && n > 0 && csDigit.has(v[0]) && dots > 0 && (n == len(v) || (csDash|csPlus).has(v[n]) && len(v)-n < 12)
}

// csSymbols tells that value holds a letter or digit at all.
func csSymbols(value string) bool {
	return classes(value)&csAlnum != 0 || value != "" && value[0] >= 0x80
}

// tokenish tells whether value is hard enough to guess for a token.
func tokenish(value string, a *assignment) bool {
	if len(value) > 2*maxCode {
		return true // no word is that long
	}
	all := classes(value)
	n := len(value)
	switch {
	case n < 4 || n < 6 && !a.quoted:
		return false
	case strings.HasPrefix(value, "0x") && csHexAny.only(value[2:]) && n <= 18:
		return false
	case value[0] == '/' && strings.Count(value, "/") > 1 && n < 40, strings.HasPrefix(value, "./"), strings.HasPrefix(value, "http://"), strings.HasPrefix(value, "https://"), strings.HasPrefix(value, "arn:"), strings.HasPrefix(value, "file:"):
		return false
	case strings.IndexByte(value, '.') > 0 && folded(unitSuffixes, value[strings.LastIndexByte(value, '.')+1:]) && !random(value):
		return false // user-1000.slice
	case version(value), keyTypes[value], strings.HasPrefix(value, "SHA256:"), securityID(value), a.quoted && sentence(value), audited(value), value[0] == '#' && n <= 9 && csHexAny.only(value[1:]): // a colour
		return false
	case strings.HasSuffix(value, "=("): // of Signature-Input, RFC 9421
		return false
	case a.sep == sepColon && !a.quoted && !a.compound && csLow.has(value[0]) && pairLike(value):
		return false // unable to renew token: retry_in=3s
	case a.sep == sepSpace && n < 64 && a.quoted && !a.compound && strings.IndexByte(value, '-') > 0 && (csLowDig | csDash | csDot).only(value) && !uuid(value):
		return false // the name of an object of Kubernetes
	case a.sep == sepSpace && n < 64 && (csLow | csDash | csDot).only(strings.ReplaceAll(value, "/", "-")):
		return false // secret "kube-system/tls-cert" not found
	case all&csSpace != 0 && !a.quoted: // the list of a map of Go
		end := 0
		for !csSpace.has(value[end]) {
			end++
		}
		return tokenish(value[:end], a)
	case all&csSpace != 0:
		return a.quoted && (a.sep == sepEqual || a.pair || a.compound) && n >= 12
	case a.secret && n >= 8 && (a.quoted || a.sep == sepEqual) && all&csLetter != 0:
		return true
	case all&csDigit == 0 && all&csLetter != 0:
		if n >= 8 && !(csTok|csPlus).only(value) && !strings.ContainsAny(value, "@:(") || n >= 16 && strings.IndexByte(value, '$') >= 0 {
			return true // a name holds no such signs
		}
		if a.quoted && a.pair && a.sep != sepNext && n >= 8 && csLow.only(value) {
			return !statusValues[value] // {"secret": "changeme"}: an attribute of that name goes, too
		}
		if a.quoted || a.pair || a.sep == sepTag {
			return n >= 8 && (n >= 16 || all&^(csLow|csUnder|csDash|csDot) != 0 || !a.pair)
		}
		if all&(csUnder|csDot|csDash) != 0 && n < 40 {
			return n >= 16 && all&csUp != 0 && all&csLow != 0 && !camelWords(value) // else a name: refresh_token, com.example.Token
		}
		return n >= 20 || n >= 12 && all&csUp != 0 && all&csLow != 0 && !camelWords(value)
	case all&csLetter == 0:
		return all&csDigit != 0 && (n >= 10 && a.sep != sepColon || n >= 8 && a.quoted || n >= 6 && a.pair && csDigit.only(value)) && !looksLikeTime(value)
	default:
		return !looksLikeTime(value)
	}
}

// camelWords tells that value reads as words: few humps, each followed by
// small letters.
func camelWords(value string) bool {
	up := 0
	for i := range len(value) {
		if csUp.has(value[i]) {
			up++
		}
	}
	return up*4 <= len(value)
}

// random tells whether value looks random with nothing but its looks to go
// by: long, of mixed classes, and neither UUID, digest, path nor words.
func random(value string) bool {
	if len(value) < 16 || len(value) > 512 || !csTok68.only(value) {
		return false
	}
	all := classes(value)
	if all&csDigit == 0 || all&csLow == 0 || all&csUp == 0 {
		return false
	}
	if csHexAny.only(value) || uuid(value) || strings.Count(value, ".") > 2 || value[0] == '/' || strings.Count(value, "/") > 2 || looksLikeTime(value) {
		return false
	}
	return changes(value)*3 >= len(value)
}

// undigested returns value without the digests it is made of, which tell a
// version of something apart: Linux-go-6dcd4ce2….
func undigested(value string) string {
	if len(value) < 32 || len(value) > 512 || !csTok.only(value) {
		return value
	}
	end := len(value)
	for end > 0 && csHexLow.has(value[end-1]) {
		end--
	}
	if len(value)-end < 32 || end == 0 || csAlnum.has(value[end-1]) {
		return value
	}
	return value[:end]
}

// changes counts how often the class changes from one byte to the next: words
// and numbers keep theirs, random text does not.
func changes(value string) (n int) {
	kind := func(c byte) int {
		switch {
		case csLow.has(c):
			return 0
		case csUp.has(c):
			return 1
		case csDigit.has(c):
			return 2
		}
		return 3
	}
	for i := 1; i < len(value); i++ {
		if kind(value[i]) != kind(value[i-1]) {
			n++
		}
	}
	return n
}

func uuid(value string) bool {
	return len(value) == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-' && (csHexAny | csDash).only(value)
}

// looksLikeTime tells that value starts as a date or a time of day.
func looksLikeTime(value string) bool {
	if len(value) < 8 {
		return false
	}
	d := func(i int) bool { return value[i]-'0' < 10 }
	if d(0) && d(1) && value[2] == ':' && d(3) && d(4) && value[5] == ':' {
		return true
	}
	return len(value) >= 10 && d(0) && d(1) && d(2) && d(3) && (value[4] == '-' || value[4] == '/' || value[4] == '.') && d(5) && d(6) && value[7] == value[4] &&
		(len(value) == 10 || value[10] == 'T' || value[10] == ' ')
}

// alone tells whether a key says too little by itself, so that the value of an
// attribute must have the shape, too.
func (s shape) alone() bool {
	switch s {
	case shapeRandom, shapeHex, shapeExpiry, shapeCoin, shapeDegrees, shapeStreet:
		return true
	default:
		return false
	}
}
