package detect

import (
	"slices"
	"strings"
)

// A nationalName is what offices call a kind of personal number, and what one
// looks like. A name that means something else, too (NIC, DPI, RFC), is
// believed only of a number that passes like.
type nationalName struct {
	rule *Rule
	// keys are names as they stand in keys, comma-separated as in keyFamilies.
	keys string
	// words are those of the names in texts, before a number. What matters of
	// one with other letters than those of ASCII is its longest run of these.
	words string
	like  func(id string) bool // of letters and digits; nil: any number
}

// nationalNames is the names of personal numbers by country.
var nationalNames = []nationalName{
	// Names of which the key families know only the short form
	{keyPII, `pesel, bsn, hkid, cpf, cnpj, curp, nif, nie, dni, cuit, cuil, rut, aadhaar, nric, hetu, tfn, cedula, codice fiscale, fiscal code`, ``, nil},
	// Austria, Belgium, Germany, Luxembourg, Netherlands, Switzerland
	{keyPII, `svnr, sv nummer, sv nr, rvnr, versicherungsnummer`, `rentenversicherungsnummer sozialversicherungsnummer versicherungsnummer svnr rvnr`, nil},
	{keyPII, ``, `sv`, func(id string) bool { return austrian(id) || german(id) }},
	{keyPII, `rijksregisternummer, insz, niss, numero registre national, registre national, numero national, nrn, numero seguranca social`, `rijksregisternummer insz niss`, nil},
	{keyPII, ``, `registre national`, belgian},
	{keyPII, `idnr, idnr steuer, steuerliche identifikationsnummer, steueridentifikationsnummer, steuerid`, `steueridentifikationsnummer identifikationsnummer idnr`, steuerID},
	{keyPII, `steuer nr, steuernr, st nr`, `steuernummer steuernr`, nil},
	{keyHealth, `kvnr, versicherten nr, krankenkassennummer, egk nummer`, `krankenversichertennummer versichertennummer versicherten kvnr`, nil},
	{keyPII, `personalausweisnummer, perso nr, ausweis nr, fuehrerscheinnummer, führerscheinnummer, fuehrerschein nr, führerschein`, `personalausweis personalausweisnummer ausweisnummer fuehrerscheinnummer hrerscheinnummer fuehrerschein hrerschein ausweis`, cardLike},
	{keyPII, `ahv nummer, ahv nr, ahvn13, ahv, numero avs, no avs, avs`, `ahv ahvn avs`, swiss},
	{keyPII, `bsn nummer, burgerservicenummer, sofinummer, sofi nummer`, `burgerservicenummer sofinummer`, nil},
	{keyPII, `matricule, matricule national, numero matricule`, `matricule`, luxembourg},
	// British Isles
	{keyPII, `ni number, national insurance`, `nino`, insured},
	{keyPII, `utr, unique taxpayer reference`, `utr`, func(id string) bool { return plainDigits(id, 10) }},
	{keyPII, `ppsn, pps number, pps no, pps`, `pps ppsn`, irish},
	// France
	{keyPII, `nir, numss, num ss, numero secu, secu`, `nir secu curit sociale`, french},
	{keyPII, `numero securite sociale, numero fiscal, num fiscal, spi fiscal, carte vitale`, ``, nil},
	{keyPII, `cni, carte identite, carte nationale identite, carte nationale, carte d identite`, `cni identit`, cardLike},
	// Iberia and Italy
	{keyPII, `numero seguridad social, num seg social, seguridad social, naf, numero seguro social, nss imss, imss, nss`, `seguridad afiliaci naf imss nss`, func(id string) bool { return iberianSecurity(id) || french(id) }},
	{keyPII, ``, `dni nie nif`, func(id string) bool { return len(id) == 9 && dni(signsOf(id)) }},
	{keyPII, `documento identidad, tarjeta residencia`, ``, nil},
	{keyPII, `numero documento, numero de documento, nro documento, nro doc, num documento`, ``, identityCard},
	{keyPII, `contribuinte, numero contribuinte, nipc`, `contribuinte`, portuguese},
	{keyPII, `cartao cidadao, numero cc, bilhete identidade, numero utente, utente sns, sns number, cartao de cidadao`, `cidad bilhete`, nil},
	{keyPII, ``, `fiscal`, func(id string) bool { return plainDigits(id, 13) && id[0] <= '3' && !epoch(id) }},
	{keyPII, `cod fisc, codfisc, cf code, codicefiscale`, `fiscale fiscal`, func(id string) bool { return len(id) == 16 && codiceFiscale(signsOf(id)) }},
	{keyPII, `partita iva, p iva, piva`, `iva`, func(id string) bool { return plainDigits(id, 11) && luhn([]byte(id)) }},
	{keyHealth, `tessera sanitaria`, `sanitaria`, func(id string) bool { return plainDigits(id, 20) && strings.HasPrefix(id, "80") }},
	// Nordic countries
	{keyPII, `cpr nummer, cprnr, cpr nr, cpr number, cpr`, `cpr cprnr`, func(id string) bool { return plainDigits(id, 10) && dated(id) || plainDigits(id, 9) }},
	{keyPII, `person nummer, samordningsnummer, pnr`, `personnr personnummer samordningsnummer`, swedish},
	{keyPII, `fodselsnummer, fødselsnummer, foedselsnummer, fodselsnr, fnr, d nummer`, `dselsnummer fodselsnummer foedselsnummer dselsnr fodselsnr fnr`, norwegian},
	{keyPII, `henkilotunnus, henkilötunnus, henkilo tunnus, sotu`, `henkilotunnus tunnus hetu sotu`, func(id string) bool { return (len(id) == 10 || len(id) == 11) && dated(id) && hetu(signsOf(id)) }},
	{keyPII, `kennitala, kt number, kennitolu`, `kennitala kennit kt`, icelandic},
	// Baltic and Central Europe
	{keyPII, `isikukood, isiku kood, asmens kodas, personas kods`, ``, nil},
	{keyPII, `personal code`, `isikukood isikukoodiga kodas kods`, baltic},
	{keyPII, `nip, numer nip, nr nip`, `nip`, polishTax},
	{keyPII, `dowod osobisty, numer dowodu, nr dowodu, seria i numer dowodu`, `osobisty dowodu`, cardLike},
	{keyPII, `rodne cislo, rodné číslo, rc cislo, rodnecislo`, ``, nil},
	{keyPII, `birth number`, `rodne rodn`, czech},
	{keyPII, `cislo op, obcansky prukaz, cislo obcanskeho prukazu`, `ansk`, func(id string) bool { return plainDigits(id, 9) }},
	{keyPII, `taj, taj szam, taj number`, `taj`, hungarianHealth},
	{keyPII, `adoazonosito, adoazonosito jel, adóazonosító jel, ado azonosito`, ``, nil},
	{keyPII, ``, `jel azonos`, func(id string) bool {
		return plainDigits(id, 10) && id[0] == '8' && remainder(id, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9) == num(id[9])
	}},
	{keyPII, `szemelyi szam, szemelyi azonosito, szemelyi igazolvany, személyi szám`, ``, nil},
	// South-eastern Europe and Turkey
	{keyPII, `cnp, cod numeric personal`, `cnp`, romanian},
	{keyPII, `egn, egn number, egn code`, `egn`, bulgarian},
	{keyPII, `jmbg, jmbg broj, maticni broj, emso, emšo, emso stevilka`, `jmbg emso broj`, yugoslav},
	{keyPII, `davcna stevilka, davčna številka`, `tevilka`, func(id string) bool { return plainDigits(id, 8) }},
	{keyPII, `oib, oib broj, osobni identifikacijski broj`, `oib identifikacijski`, croatian},
	{keyPII, `afm, arithmos forologikou mitroou`, `afm`, greekTax},
	{keyPII, `amka, arithmos amka`, `amka`, func(id string) bool { return plainDigits(id, 11) && dated(id) && luhn([]byte(id)) }},
	{keyPII, `tckn, tc kimlik, tc kimlik no, tc no, kimlik no, kimlik numarasi`, `tckn kimlik`, turkish},
	// Commonwealth of Independent States
	{keyPII, `rnokpp, drfo`, ``, nil},
	{keyPII, `ipn`, `рнокпп іпн rnokpp`, ukrainian},
	{keyPII, `inn, nomer inn, inn fl, инн`, `инн inn`, func(id string) bool { return russianTax(id) || ukrainian(id) }},
	{keyPII, `snils, nomer snils, снилс`, `снилс snils`, func(id string) bool { return plainDigits(id, 11) }},
	{keyPII, `nomer pasporta, seriya nomer pasporta, паспорт`, `паспорт паспорта`, func(id string) bool { return plainDigits(id, 10) || plainDigits(id, 9) }},
	{keyPII, `iin, iin number, jsn, иин`, `иин жсн iin`, kazakh},
	{keyPII, `егн`, `егн`, bulgarian},
	{keyPII, `јмбг`, `јмбг`, yugoslav},
	{keyPII, `lichny nomer, identifikacionny nomer`, ``, nil},
	// Middle East and Africa
	{keyPII, `teudat zehut, mispar zehut, israeli id, tz number`, `zehut`, func(id string) bool { return plainDigits(id, 9) && luhn([]byte(id)) }},
	{keyPII, `emirates id, emiratesid, eida, eid`, `emirates eid`, func(id string) bool { return plainDigits(id, 15) && strings.HasPrefix(id, "784") }},
	{keyPII, `raqam qawmi, egyptian id`, ``, nil},
	{keyPII, `iqama, saudi id`, `iqama saudi`, func(id string) bool { return plainDigits(id, 10) && (id[0] == '1' || id[0] == '2') && luhn([]byte(id)) }},
	{keyPII, `qid, qatar id`, `qid qatar`, func(id string) bool { return plainDigits(id, 11) && (id[0] == '2' || id[0] == '3') }},
	{keyPII, `civil id, kuwait civil id`, `civil`, func(id string) bool {
		return plainDigits(id, 12) && (id[0] == '2' || id[0] == '3') && day([]byte(id[3:]))
	}},
	{keyPII, `sa id, south african id, id number, id no`, ``, southAfrican},
	{keyPII, `nin, bvn, bank verification number`, `nin bvn`, func(id string) bool { return plainDigits(id, 11) }},
	{keyPII, `kenyan id, huduma number`, `huduma`, func(id string) bool { return plainDigits(id, 8) }},
	{keyPII, `kra pin`, `kra`, func(id string) bool {
		return len(id) == 11 && plainDigits(id[1:10], 9) && csUp.has(id[0]) && csUp.has(id[10])
	}},
	{keyPII, `ghana card, ghanacard`, `ghana`, func(id string) bool { return len(id) == 13 && strings.HasPrefix(id, "GHA") }},
	{keyPII, `cin, cnie, cin number`, `cin cnie`, func(id string) bool { return cardLike(id) && len(id) <= 8 }},
	// South Asia
	{keyPII, `aadhaar card, aadhar no, uidai`, `aadhaar uidai`, func(id string) bool { return plainDigits(id, 12) && aadhaar(signsOf(id)) }},
	{keyPII, `pan no, income tax pan`, `pan permanent`, func(id string) bool {
		return len(id) == 10 && plainDigits(id[5:9], 4) && csLetter.only(id[:5]) && one(id[3], "PCHABGJLFT") && csUp.has(id[9])
	}},
	{keyPII, `epic no, epic number, voter id`, `epic voter`, func(id string) bool { return len(id) == 10 && csUp.only(id[:3]) && plainDigits(id[3:], 7) }},
	{keyPII, `uan`, `uan`, func(id string) bool { return plainDigits(id, 12) && id[0] == '1' }},
	{keyPII, `gstin, gst number, gst no`, `gst`, func(id string) bool {
		return len(id) == 15 && plainDigits(id[:2], 2) && csUp.only(id[2:7]) && plainDigits(id[7:11], 4)
	}},
	{keyPII, `dl no`, ``, nil},
	{keyPII, `cnic, nicop, cnic number`, `cnic nicop`, func(id string) bool { return plainDigits(id, 13) }},
	{keyPII, `nid, bangladesh nid`, `nid`, func(id string) bool {
		return (len(id) == 10 || len(id) == 13 || len(id) == 17) && plainDigits(id, len(id)) && !epoch(id)
	}},
	{keyPII, `nic, nic no, nic number`, `nic`, sriLankan},
	// East Asia
	{keyPII, `shenfenzheng, shenfenzheng zihao, sfzh, certno, id card number, 身份证, 身份证号, 身份证号码, 身分證, 身分證字號`, `shenfenzheng`, func(id string) bool { return len(id) == 18 && chinese(signsOf(id)) || taiwanese(id) }},
	{keyPII, `taiwan id, arc number`, `taiwan`, taiwanese},
	{keyPII, `hkid no, hk id, macau id, bir number`, `hkid hkic`, func(id string) bool { return (len(id) == 8 || len(id) == 9) && digits(id[2:7]) == 5 }},
	{keyPII, `menkyo bango, unten menkyo, ryoken bango`, ``, nil},
	{keyPII, `kojin bango, kojinbango, individual number, mynumber, マイナンバー, 個人番号`, `個人番号`, japanese},
	{keyPII, `jumin, jumin no, jumin number, resident number, 주민등록번호, 주민번호`, `jumin`, func(id string) bool { return plainDigits(id, 13) && day([]byte(id[2:])) }},
	{keyPII, `unjeon myeonheo, yeokwon`, ``, nil},
	// South-east Asia
	{keyPII, `mykad, mykad no, no kad pengenalan, ic no, ic number, no ic`, `mykad pengenalan nric ic`, func(id string) bool {
		return plainDigits(id, 12) && day([]byte(id[2:])) || len(id) == 9 && nric(signsOf(id))
	}},
	{keyPII, `uen`, `uen`, func(id string) bool {
		return (len(id) == 9 || len(id) == 10) && digits(id) >= 6 && csUp.has(id[len(id)-1])
	}},
	{keyPII, ``, `fin`, func(id string) bool {
		return len(id) == 9 && one(id[0], "FGMST") && plainDigits(id[1:8], 7) && csUp.has(id[8])
	}},
	{keyPII, `drn`, `drn`, func(id string) bool { return plainDigits(id, 12) }},
	{keyPII, `nric fin, tin no, tin number, medicare card, medicare no`, ``, nil},
	{keyPII, `thai id, bat prachachon, citizen id, เลขประจำตัวประชาชน`, `thai`, thai},
	{keyPII, `nik, ktp, no ktp, nomor ktp, nik ktp`, `nik ktp`, indonesian},
	{keyPII, `npwp, no npwp, nomor npwp`, `npwp`, func(id string) bool { return plainDigits(id, 15) || plainDigits(id, 16) }},
	{keyPII, `philsys, philsys number, philhealth number, sss number, sss no, psn`, `philsys philhealth sss psn`, func(id string) bool {
		return (len(id) == 10 || len(id) == 12 || len(id) == 16) && plainDigits(id, len(id)) && !epoch(id)
	}},
	{keyPII, `cccd, so cccd, can cuoc cong dan, so cmnd, cmnd`, `cccd cmnd`, func(id string) bool { return plainDigits(id, 12) || plainDigits(id, 9) }},
	// Oceania
	{keyPII, `ird, ird number`, `ird`, newZealand},
	{keyHealth, `nhi, nhi number`, `nhi`, func(id string) bool {
		return len(id) == 7 && csUp.only(id[:3]) && csUpDig.only(id[3:]) && plainDigits(id[3:5], 2)
	}},
	{keyPII, `abn, acn`, `abn acn`, australianBusiness},
	// North America
	{keyPII, `ssn number, employer identification number, alien registration number, uscis number`, `uscis alien`, func(id string) bool { return len(id) == 10 && plainDigits(id[1:], 9) || plainDigits(id, 9) }},
	{keyPII, ``, `dl`, func(id string) bool { return len(id) >= 7 && len(id) <= 16 && csUp.has(id[0]) && csDigit.only(id[2:]) }},
	{keyPII, `ein`, `ein`, func(id string) bool { return plainDigits(id, 9) }},
	{keyHealth, `dea no`, ``, nil},
	{keyPII, `sin, nas`, `sin nas assurance`, func(id string) bool { return plainDigits(id, 9) && luhn([]byte(id)) }},
	{keyPII, `numero assurance sociale`, ``, nil},
	{keyHealth, `ohip`, `ohip`, func(id string) bool {
		return len(id) >= 10 && len(id) <= 12 && plainDigits(id[:10], 10) && luhn([]byte(id[:10]))
	}},
	{keyHealth, `ramq, numero ramq, carte soleil, nam`, `ramq nam maladie`, func(id string) bool { return len(id) == 12 && csUp.only(id[:4]) && plainDigits(id[4:], 8) }},
	// Latin America
	{keyPII, `cpf cliente, cpf titular, cpf cnpj`, ``, nil},
	{keyPII, `cnh, numero cnh, carteira habilitacao, habilitacao`, `cnh habilita`, func(id string) bool { return plainDigits(id, 11) && brazilianLicence(id) }},
	{keyPII, `pis, pasep, pis pasep, nis, nit`, `pis pasep nis`, func(id string) bool { return plainDigits(id, 11) && brazilianPIS(id) || colombian(id) }},
	{keyPII, `titulo eleitor, titulo de eleitor, tituloeleitor`, `eleitor`, func(id string) bool { return plainDigits(id, 12) }},
	{keyHealth, `cns, numero cns, cartao sus, cartao nacional saude`, `cns sus`, brazilianHealth},
	{keyPII, `rg, numero rg, identidade, carteira identidade`, `rg`, brazilianGeneral},
	{keyPII, `rut cliente, rut empresa, rut titular`, `rut`, chilean},
	{keyPII, `cedula ciudadania, cedula identidad, cedula electoral, cedula de identidad, cedula de ciudadania, cc numero, cedula panama, carnet identidad, numero identidad, tarjeta identidad, dni numero, numero dni, nro dni`, ``, nil},
	{keyPII, ``, `dula ciudadan identidad identidade`, identityCard},
	{keyPII, `ci, ci uy, ci numero`, ``, func(id string) bool { return ecuadorian(id) || uruguayan(id) }},
	{keyPII, `numero nit, nit empresa`, `nit`, colombian},
	{keyPII, `numero ruc, ruc`, `ruc`, peruvian},
	{keyPII, `rif, numero rif`, `rif`, func(id string) bool { return len(id) == 10 && one(id[0], "VEJPG") && plainDigits(id[1:], 9) }},
	{keyPII, `cui, dpi, cui dpi, numero dpi`, `cui dpi`, guatemalan},
	{keyPII, `dui, numero dui`, `dui`, func(id string) bool { return plainDigits(id, 9) && remainder(id, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9) == 0 }},
	{keyPII, `rfc, rfc cliente, rfc number`, `rfc`, mexicanTax},
	{keyPII, `clave elector, clave de elector, ine`, `elector`, func(id string) bool { return len(id) == 18 && csUp.only(id[:6]) && plainDigits(id[6:14], 8) }},
	// Travel documents, licences and plates
	{
		keyPII, `pasaporte, numero pasaporte, passeport, numero passeport, reisepass, reisepassnummer, passnummer, pas nr, paspoort, paspoortnummer, passaporto, numero passaporto, passaporte, paszport, nr paszportu, pasaport, pasaport no, pasport`,
		`pasaporte passeport reisepass reisepassnummer passnummer paspoort paspoortnummer passaporto passaporte paszport paszportu pasaport pasport tlev cestovn`, cardLike,
	},
	{keyPII, `permis de conduire, numero permis, licencia conducir, licencia de conducir, prawo jazdy, nr prawa jazdy, rijbewijs, rijbewijsnummer, korkort, korkortsnummer, numero patente, carta de conducao, driver license no, drivers license no`, ``, nil},
	{keyPII, `driver number`, `conduire guida conducir jazdy rijbewijs rijbewijsnummer rkort rerkort condu`, licenceLike},
	{keyPII, `permis, patente, license number`, ``, licenceLike},
	{
		keyPII, `kennzeichen, kfz kennzeichen, nummernschild, reg plate, vehicle no, vehicle number, registration no, vrm, placa, placa veiculo, plaque immatriculation, immatriculation, targa, kenteken, registreringsnummer, vehicle plate, plate no, car plate, tablica rejestracyjna, plaka, registration number`,
		`kennzeichen vrm plate placa immatriculation kenteken plaka`, plateLike,
	},
	// Bank accounts
	{keyFinancial, `bsb, bsb code`, `bsb`, func(id string) bool { return plainDigits(id, 6) }},
	{keyFinancial, `cbu, cvu, numero cbu`, `cbu cvu`, func(id string) bool { return plainDigits(id, 22) }},
	{keyFinancial, `clabe interbancaria, cuenta clabe, numero clabe`, `clabe interbancaria`, func(id string) bool { return plainDigits(id, 18) }},
	{keyFinancial, `nib`, `nib`, func(id string) bool { return plainDigits(id, 21) }},
	{keyFinancial, `rib, numero rib`, `rib`, func(id string) bool { return len(id) == 23 && plainDigits(id[:10], 10) && csUpDig.only(id) }},
	{keyFinancial, `ccc, cuenta, cuenta bancaria, numero cuenta, numero de cuenta`, `cuenta`, func(id string) bool { return digits(id) == len(id) && len(id) >= 10 && len(id) <= 20 && !epoch(id) }},
	{keyFinancial, `nuban, acct`, `nuban acct`, func(id string) bool { return digits(id) == len(id) && len(id) >= 8 && len(id) <= 17 && !epoch(id) }},
	{keyFinancial, `nrb, numer konta, numer rachunku, nr rachunku, nr konta, rachunek`, `nrb rachunku konta`, func(id string) bool { return plainDigits(id, 26) && mod97([]byte("PL"+id)) }},
	{keyFinancial, `raschetny schet, nomer scheta, settlement account`, ``, func(id string) bool { return plainDigits(id, 20) }},
	{keyFinancial, `bankgiro, plusgiro, postgiro, bg number`, `bankgiro plusgiro postgiro`, func(id string) bool { return digits(id) == len(id) && len(id) >= 6 && len(id) <= 8 }},
	{keyFinancial, `blz, bankleitzahl`, `blz bankleitzahl`, func(id string) bool { return plainDigits(id, 8) }},
	{keyFinancial, `konto, konto nr, kontonr, ktnr, kto`, `kontonummer konto kto kontonr`, func(id string) bool { return digits(id) == len(id) && len(id) >= 6 && len(id) <= 10 && !epoch(id) }},
	{keyFinancial, `ifsc code`, `ifsc`, func(id string) bool { return len(id) == 11 && csUp.only(id[:4]) && id[4] == '0' && csUpDig.only(id) }},
	{keyFinancial, `routing, rtn`, `rtn`, func(id string) bool {
		return plainDigits(id, 13) || plainDigits(id, 14) || plainDigits(id, 9) && remainder(id, 10, 3, 7, 1, 3, 7, 1, 3, 7, 1) == 0
	}},
	{keyFinancial, `ifsc`, ``, nil},
	{keyFinancial, `checking account, savings account, deposit account, dda number, loan account, mortgage account, bank routing, aba rtn, ach routing, wire routing, bank transit, micr, micr line, institution number`, ``, nil},
	// Telephones of two digits each, which have no three in a row: tel. 06 12 34 56 78
	{rulePhone, ``, `phone telephone fax tel telefon telefono telefone telefonnummer telefoonnummer celular cellulare handynummer movil mob tlf телефон puhelin whatsapp`, func(id string) bool {
		return digits(id) == len(id) && len(id) >= 8 && len(id) <= 13 && !epoch(id)
	}},
	{rulePhone, ``, `cell mobile`, func(id string) bool {
		return plainDigits(id, len(id)) && len(id) >= 8 && len(id) <= 13 && (id[0] == '0' || len(id) >= 10 && !epoch(id))
	}},
}

// namesByWord finds a nationalName by the ASCII letters of a word, namesByKey by
// the last words of a key.
var (
	namesByWord = func() map[string][]*nationalName {
		out := map[string][]*nationalName{}
		for i := range nationalNames {
			for w := range strings.FieldsSeq(nationalNames[i].words) {
				out[w] = append(out[w], &nationalNames[i])
			}
		}
		return out
	}()
	namesByKey = func() map[string]*nationalName {
		out := map[string]*nationalName{}
		for i := range nationalNames {
			for key := range strings.SplitSeq(nationalNames[i].keys, ",") {
				key = strings.Join(strings.Fields(key), " ")
				for _, w := range [...]string{"", " number", " no", " nr", " num", " code"} {
					if _, ok := out[key+w]; !ok && key != "" {
						out[key+w] = &nationalNames[i]
					}
				}
			}
		}
		return out
	}()
)

// nameOf returns what the words of a key name whose shape is shapeNational.
func nameOf(w []string) *nationalName {
	for ; len(w) > 0; w = w[:len(w)-1] {
		for n := min(maxPhrase, len(w)); n >= 1; n-- {
			if name := namesByKey[strings.Join(w[len(w)-n:], " ")]; name != nil {
				return name
			}
		}
		last := w[len(w)-1]
		if word := strings.TrimRight(last, "0123456789"); word != "" && word != last { // as numberedPhrase reads it
			return nameOf(append(slices.Clone(w[:len(w)-1]), word))
		}
		if !tailWords[last] {
			break
		}
	}
	return nil
}

// shape is what a value must look like under a key of the name.
func (n *nationalName) shape() shape {
	if n.like == nil {
		return shapeDigits
	}
	return shapeNational
}

// unlike tells whether value is no number of the name.
func (n *nationalName) unlike(value string) bool {
	value = strings.TrimSpace(value)
	return value == "" || n.end(value, 0) < len(value)
}

// end returns where the longest number of the name ends that starts at p, or p.
func (n *nationalName) end(text string, p int) int {
	var id [28]byte
	k, end, spaced := 0, p, false
	for i := p; i < len(text) && k < len(id) && csAlnum.has(text[i]); i++ {
		c := text[i]
		if csLow.has(c) {
			c -= 'a' - 'A'
		}
		id[k] = c
		k++
		next := i + 1
		if next < len(text) && csAlnum.has(text[next]) {
			continue
		}
		if k >= 5 && endsID(text, next) && (n.like == nil && numeric(string(id[:k])) || n.like != nil && n.like(string(id[:k]))) {
			end = next
		}
		if next+2 < len(text) && (text[next:next+2] == ") " || text[next:next+2] == " (") && csDigit.has(text[next+2]) { // (030) 90 18 20
			i = next + 1
			continue
		}
		if next+1 >= len(text) || strings.IndexByte(" -./(+)", text[next]) < 0 || !csAlnum.has(text[next+1]) {
			if next < len(text) && text[next] == ')' && end == next && strings.IndexByte(text[p:next], '(') > 0 {
				end++
			}
			break
		}
		if text[next] == ' ' && !n.goesOn(text, p, next, spaced || k == next-p) {
			break
		}
		spaced = spaced || text[next] == ' '
		i = next
	}
	return end
}

// endsID tells whether a number may end at p.
func endsID(text string, p int) bool {
	return p == len(text) || !csWord.has(text[p]) && (text[p] < 0x80 || !csDigit.has(text[p-1])) && text[p] != '@'
}

// goesOn tells whether the group behind the blank at p belongs to the number that
// starts at start: to one in blanks, any that holds a digit or a few capitals,
// otherwise one of few digits that ends it.
func (n *nationalName) goesOn(text string, start, p int, blanks bool) bool {
	end := p + 1
	for end < len(text) && end-p < 12 && csAlnum.has(text[end]) {
		end++
	}
	word, before := text[p+1:end], p
	for before > start && csAlnum.has(text[before-1]) {
		before--
	}
	if !csUpDig.only(word) || !csUpDig.only(text[before:p]) || looksLikeTime(text[p+1:min(len(text), p+20)]) {
		return false
	}
	if digits(word) == 0 && (len(word) > 3 || len(word) == 3 && n.like == nil) {
		return false
	}
	return blanks && p-start < 20 || len(word) <= 3 || digits(text[before:p]) == 0
}

// numeric tells whether id is a number that needs no form: six digits or more
// and few letters.
func numeric(id string) bool {
	n := digits(id)
	return n >= 6 && len(id)-n <= 4 && len(id) <= 20 && !epoch(id)
}

// nationalNamed looks for the number behind a word of nationalNames that ends at end.
func (sc *scan) nationalNamed(names []*nationalName, end int) {
	text := sc.text
	p := end
	for n := 0; n < 3 && p < len(text) && strings.IndexByte("\"'=: ", text[p]) >= 0; n++ { // "fødselsnummer": "…
		p++
	}
	limit := min(len(text), end+contextReach)
	if strings.IndexByte(text[end:p], '=') >= 0 {
		limit = min(limit, p+2) // and nothing further on: acct=prod usage 12345678
	}
	for ; p < limit; p++ {
		c := text[p]
		if strings.IndexByte("={}[]\\|@\n,;\"", c) >= 0 {
			return
		}
		if !csAlnum.has(c) || (csWord|csDash|csDot).has(text[p-1]) && p > end {
			continue
		}
		for _, n := range names {
			if stop := n.end(text, p); stop > p {
				sc.steps += stop - p
				if text[p-1] == '(' && strings.IndexByte(text[p:stop], ')') > 0 {
					p--
				}
				if id := text[p:stop]; !address(id) && !inUUID(text, p) {
					sc.ahead(n.noted(), p, stop)
				}
				return
			}
		}
		for p < limit && csAlnum.has(text[p]) {
			if sc.steps++; csDigit.has(text[p]) {
				return // another number
			}
			p++
		}
		p--
	}
}

// noted is the rule by which a number behind the name is noted.
func (n *nationalName) noted() *Rule {
	switch n.rule {
	case keyHealth:
		return ruleRecord
	case keyFinancial:
		return ruleAccount
	case keyPII:
		return ruleNational
	}
	return n.rule
}
