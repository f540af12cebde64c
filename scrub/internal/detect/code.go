package detect

import "strings"

// yamlTags stand before a name instead of a value: password: !Ref DBPassword.
var yamlTags = wordSet(`!Ref !Sub !GetAtt !ImportValue !Join !FindInMap !vault !secret !env !ENV !env_var !encrypted !reference !!null`)

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

// operator tells whether the sign at p works on what a program calls the key: pwd || exit,
// pw->pw_name, token::verify.
func (sc *scan) operator(p int) bool {
	rest := sc.text[p:min(len(sc.text), p+maxCode)]
	if len(rest) < 3 || p == 0 {
		return false
	}
	switch rest[:2] {
	case "||":
		rest = strings.TrimLeft(rest[2:], " ")
		return rest != "" && !csQuote.has(rest[0]) && rest[0] != '\\'
	case "->", "::":
		name := csWord.prefix(rest[2:])
		word, rest := rest[2:2+name], rest[2+name:]
		return name > 0 && csLetter.has(word[0]) && (strings.IndexByte(word, '_') >= 0 || wordy(word) && rest == "" || strings.HasPrefix(rest, "::") || strings.HasPrefix(rest, "->") || strings.HasPrefix(rest, "(") || sc.text[p] == ':' && wordy(word) && rest[0] == ':')
	}
	return false
}
