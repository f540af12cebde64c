package detect

import "testing"

// TestNationalDigits holds each number to be one of its country and, with its
// last digit but one changed, to be none.
func TestNationalDigits(t *testing.T) {
	t.Parallel()
	for id, like := range map[string]func(string) bool{
		"85073003328": belgian, "86095742719": steuerID, "33392005961": croatian, "7562819482192": swiss, "1985073009392": luxembourg, "185057800630861": french, "281234567840": iberianSecurity,
		"261318608": portuguese, "8112185270": swedish, "07076160141": norwegian, "1201748949": icelandic, "37605030255": baltic, "5261471043": polishTax, "165075295": hungarianHealth,
		"1630615123668": romanian, "7523167126": bulgarian, "0101985717681": yugoslav, "098465630": greekTax, "13307924436": turkish, "2902685995": ukrainian, "500152890739": russianTax, "850730358661": kazakh,
		"8001015009087": southAfrican, "A177412153": taiwanese, "472803852803": japanese, "1101852538888": thai, "49047436": newZealand, "51824753556": australianBusiness, "22202972972": brazilianLicence,
		"12065167612": brazilianPIS, "788200182633043": brazilianHealth, "126205791": chilean, "8008682828": colombian, "10880729026": peruvian, "1712279189": ecuadorian, "10588872": uruguayan, "1878017540101": guatemalan,
		"2467010180": austrian, "7865797L": irish, "7103199741": czech,
	} {
		if !like(id) {
			t.Errorf("%s is no number", id)
		}
		at := len(id) - 2
		if id[:2] == "85" && len(id) == 12 || len(id) == 10 && id[4:] == "010180" || id == "1878017540101" || id == "1985073009392" {
			at = 2
		}
		other := '0' + (id[at]-'0'+1)%10
		if wrong := id[:at] + string(other) + id[at+1:]; like(wrong) {
			t.Errorf("%s is a number", wrong)
		}
	}
}
