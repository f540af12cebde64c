package main

// patterns is 25 regular expressions as people write them for this purpose.
// They run one after the other, and the Collector gets the same.
var patterns = []string{
	`(?i)password["']?\s*[:=]\s*["']?[^\s"',;&]+`,
	`(?i)passwd["']?\s*[:=]\s*["']?[^\s"',;&]+`,
	`(?i)secret["']?\s*[:=]\s*["']?[^\s"',;&]+`,
	`(?i)api[_-]?key["']?\s*[:=]\s*["']?[^\s"',;&]+`,
	`(?i)access[_-]?token["']?\s*[:=]\s*["']?[^\s"',;&]+`,
	`(?i)bearer\s+[A-Za-z0-9._~+/-]+=*`,
	`(?i)basic\s+[A-Za-z0-9+/]{8,}={0,2}`,
	`(?i)(?:set-)?cookie:\s*[^\r\n]+`,
	`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`,
	`(?:AKIA|ASIA)[0-9A-Z]{16}`,
	`gh[pousr]_[A-Za-z0-9]{36,}`,
	`glpat-[A-Za-z0-9_-]{20,}`,
	`xox[abposr]-[A-Za-z0-9-]{10,}`,
	`[sr]k_(?:live|test)_[A-Za-z0-9]{16,}`,
	`AIza[A-Za-z0-9_-]{35}`,
	`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----`,
	`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s:/@]+:[^\s/@]+@`,
	`\b4[0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b`,
	`\b5[1-5][0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b`,
	`\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b`,
	`\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b`,
	`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`,
	`\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b`,
	`\+[0-9]{1,3}[ .-]?[0-9]{3,4}[ .-]?[0-9]{3,4}[ .-]?[0-9]{2,4}`,
	`\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}`,
}
