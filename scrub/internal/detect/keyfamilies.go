package detect

import (
	"maps"
	"slices"
	"strings"
)

var (
	keyAuth      = builtin("auth.key", Auth, "OWASP Logging Cheat Sheet: access tokens, encryption keys, connection strings")
	keyPassword  = builtin("pw.key", Password, "OWASP Logging Cheat Sheet: authentication passwords")
	keyFinancial = builtin("financial.key", Financial, "PCI DSS v4.0.1 3.3, 3.5: account data")
	keyHealth    = builtin("health.key", Health, "GDPR article 9, 45 CFR 164.514(b)(2): health data")
	keyPII       = builtin("pii.key", PII, "GDPR article 4(1), NIST SP 800-122: what identifies a person")
	keyCookie    = builtin("auth.cookie", Auth, "RFC 6265 sections 4.1 and 4.2")
	keyGeneric   = builtin("auth.generic", Auth, "a random value under a key that ends in key, auth or hash")
)

// keyFamilies is all keys that say what their value is. A phrase matches the
// last words of a key (db.user.password), never a part of a word.
var keyFamilies = []struct {
	rule    *Rule
	shape   shape
	phrases string // comma-separated; "api key" matches api_key, apiKey, api-key and apikey
}{
	{keyPassword, shapeAny, `password, passwords, passwd, passwort, kennwort, contrasena, contraseña, hasło, пароль, 密码, 密碼, pwd, passcode, userpass, dbpass, dbpwd, pgpass,
		dbpassword, dbpasswd, pgpassword, mysqlpassword, userpassword, adminpassword, rootpassword, mypassword, mailpassword, smtppassword, loginpassword, ftppassword,
		sshpass, ldappassword, requirepass, masterauth, senha, mot de passe, motdepasse, userpwd, userpasswd, authpassword, keypass, storepass, keystorepass, truststorepass,
		rediscli auth, new pass, old pass, pre shared key, preshared key, wpa psk, psk, psksecret, unlock code, rootpw, bindpw, olcrootpw, wachtwoord, lösenord, losenord, passord, adgangskode, kodeord, salasana,
		heslo, geslo, lozinka, zaporka, jelszó, jelszo, şifre, sifre, kata sandi, palavra passe, src store pass, dest store pass, srcstorepass, deststorepass, srckeypass, destkeypass, ftp pass, certificate password`},
	{keyPassword, shapeToken, `parola, clave`},
	{keyPassword, shapeAny, `pass, pw`},
	{keyPassword, shapeWords, `passphrase, pass phrase, security answer, secret answer`},
	{keyAuth, shapeWords, `seed phrase, mnemonic, mnemonic phrase, recovery phrase`},
	{keyAuth, shapeDigits, `otp, one time code, verification code, otp code, mfa code, two factor code, 2fa code, totp code, sms code, auth code, access code, login code, confirmation code`},
	{keyPassword, shapeDigits, `pin, pin code, pin number, pincode`},
	{keyAuth, shapeToken, `authorization, proxy authorization, token, access token, refresh token, id token, auth token, session token, bearer, bearer token, api token, csrf, xsrf,
		csrf token, xsrf token, jwt, api key, access key, access key id, secret key, secret access key, private key, signing key, sign key, encryption key, encrypt key, decryption key, cipher key,
		account key, storage key, shared key, shared access key, shared secret, subscription key, consumer key, consumer secret, client secret, app secret, application secret,
		application key, app key, auth key, master key, service key, deploy key, license key, licence key, integration key, ssh key, session key, host key, hmac key, aes key, rsa key, ssl key,
		tls key, webhook secret, webhook key, web hook url, stream key, write key, insert key, query key, admin key, root key, developer key, dev key, server key, maps key, function key,
		functions key, instrumentation key, ingestion key, publishable key, sdk key, merchant key, vault token, unseal key, unseal key 1, unseal key 2, unseal key 3, unseal key 4, unseal key 5, recovery key, recovery code, recovery codes, backup code, backup codes,
		secret, secrets, secrete, crumb, unseal, initial root token, secret value, key secret, secret id, credential, credentials, creds, cred, session id, sessionid, session, sid, sessid, phpsessid, jsessionid, aspsessionid, connect sid, signature, sig, totp,
		one time password, authorization code, totp secret, mfa secret, totp seed, salt, nonce secret,
		client assertion, assertion, code verifier, oob code, device code, user code, ticket granting ticket, sas token, sas, xoxb, x api key, x auth, pat, personal access token, npm auth, auth hash, token secret,
		oauth, oauth token, oauth secret, private token, job token, deploy token, runner token, registration token, bot token, hook token, webhook token, identity token, security token,
		x amz security token, x amz signature, x amz credential, x goog signature, x goog credential, awsaccesskeyid, hashed password, password hash, passwordhash, password digest, password salt, fernet key, secret key base, rails master key, encryption secret, jwt secret, signing secret,
		test reporter id, saml response, saml request, saml art, signature 256, crypt key, crypto key, enc key, dek, kek, api secret, apisecret, appid secret, appsecret proof, app keys, sckey, sendkey, keystring, csrfmiddlewaretoken, apollo key, newrelic license, new relic license, hapikey, integrator key, cypress record key, bing search key, azure search key, search admin key, alpha vantage key, open weather key, open weather map key, dark sky key, dark sky secret, ghost content key, ghost admin key, cosmos key, cosmosdb key, service bus key, servicebus key, consul encrypt, nonce key, logged in key, instana agent key, auth string, bark key, apca api key id, isakmp key, ssl cert key, api pass, sonar login, dsonar login, auth basic, http auth, basic auth, userinfo, verify token, device key, provision device key, device secret, feed key, io key, api auth, credentials json, kubeconfig, authkey, tskey, login token, push token, device token, fcm token, registration id token, invite token, reset token, password reset token, confirmation token, unsubscribe token, magic link, activation code, activation token`},
	{keyGeneric, shapeRandom, `key, auth, hash secret, state token`},
	{keyAuth, shapeHex, `encrypt, skey, project key, routing key, api hash, appid, content key, certificate key, honeycomb team`},
	{keyAuth, shapeRandom, `tokens, api tokens, access tokens, refresh tokens, auth tokens, session tokens, bearer tokens, api keys, access keys, secret keys`},
	{keyAuth, shapeQuoted, `dsn, connection string, connectionstring, conn str, database url, redis url, amqp url, mongo uri, mongodb uri, broker url, webhook url`},
	{keyCookie, shapeHeader, `cookie, cookies, set cookie, set cookie 2`},
	{keyFinancial, shapeDigits, `card number, card num, card no, cc number, cc num, cc no, ccn, cardnum, ccnum, credit card, debit card, creditcard number, pan, primary account number, card pan, payment card, cvv, cvv2, cvc, cvc2, csc,
		card security code, security code, card code, card expiry, card expiration, card exp, valid thru, valid through, iban, iban number, account number, account num, account no, kontonummer, acct number, acct no, acct num, bank account, bank account number,
		account iban, routing number, routing no, routing num, aba, aba number, aba routing, routing transit number, sort code, sortcode, bsb, transit number, wire number, track 1, track 2, track data, track1 data, track2 data, card track,
		kartennummer, kreditkarte, kreditkartennummer, numero tarjeta, numero de tarjeta, tarjeta, tarjeta credito, numero carte, carte bancaire, carta di credito, numero carta, cartao credito, numero cartao, card, cc, primary acct num,
		cvn, cav2, card verification value, verification value, cvv code, codigo seguridad, codigo de seguridad, code securite, code de securite, cryptogramme, kartenprüfnummer, kartenpruefnummer, card exp date, card expiry date, card expiration date, good thru, exp dt,
		payroll, card pin, atm pin, loan number, mortgage number, clabe, ifsc, beneficiary account, sepa mandate`},
	{keyFinancial, shapeNumber, `exp month, exp year, expiry month, expiry year, expiration month, expiration year, salary, annual salary, base salary, income, annual income, gross income, net income, wage, wages, net worth, credit score, account balance, credit limit, loan amount, net pay, gross pay, fico score, gehalt, salaire, salario, stipendio`},
	{keyFinancial, shapeToken, `wallet, wallet address, crypto address, btc address, bitcoin address, eth address, ethereum address, crypto wallet, magstripe, card data, card track data, trx address, tron address, usdt address, xrp address, ripple address, sol address, solana address, ltc address, litecoin address, bch address,
		xmr address, monero address, doge address, dogecoin address, ada address, cardano address, wallet id`},
	{keyFinancial, shapeBIC, `swift code, swift bic, bic, bicfi, bic code, swift`},
	{keyFinancial, shapeCoin, `bitcoin, btc, ethereum, eth, litecoin, crypto, deposit address, withdrawal address, payout address`},
	{keyFinancial, shapeExpiry, `expiry, expiry date, exp date, expiration, expiration date, exp`},
	{keyFinancial, shapeQuoted, `cardholder, card holder, cardholder name, card holder name, name on card, account holder, account holder name, holder name, beneficiary name, payer name, payee name, debtor name, creditor name, karteninhaber, kontoinhaber, titular, titular cuenta, titulaire, intestatario, tax return,
		chave pix, pix key, upi id, creditor id, creditor identifier, glaeubiger id, mndt id, mandate reference, mandate id, mandatsreferenz, bank details, payment details, bank statement`},
	{keyHealth, shapePhrase, `diagnosis, diagnoses, primary diagnosis, secondary diagnosis, admitting diagnosis, diagnosis code, diagnosis codes, icd, icd 10, icd10, icd 9, icd9, icd code, icd10 code, icd 10 code, icd 10 cm, icd10cm, symptoms, chief complaint, presenting complaint, allergy, allergies, allergen,
		medication, medications, current medications, medication name, drug name, prescription, prescriptions, prescribed, rx number, dosage, dose instructions, treatment, treatments, treatment plan, procedure code, cpt, cpt code, hcpcs, snomed, snomed code, loinc, vaccine, vaccines, vaccination, vaccinations, immunization, immunizations, immunisation,
		blood type, blood group, blood pressure, blood sugar, blood glucose, glucose level, heart rate bpm, cholesterol, hba1c, a1c, bmi, body mass index, lab result, lab results, lab test, test result, medical test results, pathology, pathology report, radiology report, biopsy, biometric, biometrics, fingerprint template, genetic, genetic data, genome, dna, dna sequence, genotype,
		pregnancy, pregnant, pregnancy status, pregnancy test, disability, disabilities, disability status, medical condition, medical conditions, health condition, health conditions, pre existing condition, preexisting conditions, medical history, family history, health history, surgical history, clinical notes, clinical note, medical notes, doctor notes, physician notes, nursing notes, progress note, discharge summary,
		mental health, psychiatric history, hiv status, std status, sti status, viral load, substance abuse, sexual health, reproductive health, cancer stage, tumor stage, prognosis, comorbidity, comorbidities, therapy, therapies, surgery, surgeries, vital signs, health status, medical record, medical info, medical data, health data, health record, health information, patient notes, patient data, patient record, patient info, patient condition, patient diagnosis, hospital admission, organ donor, insulin dose,
		snomed ct, loinc code, ndc code, drg code, smoking status, alcohol use, vaccination status, covid status, reason for visit, cause of death, sexual activity, birth control, advance directive, progress notes, body site, discharge diagnosis,
		blutgruppe, groupe sanguin, grupo sanguineo, grupo sanguíneo, diagnostico, diagnóstico, diagnosi, medikament, medikamente, krankheit, maladie, enfermedad, malattia, medicamento, medicamentos, farmaco, tratamiento, ziekte, alergias, allergie, allergien, receta medica, antecedentes, impfstatus,
		historia clinica, historia clínica, dossier medical, dossier médical, krankengeschichte`},
	{keyHealth, shapeNumber, `systolic, diastolic, systolic bp, diastolic bp, bp systolic, bp diastolic, heart rate, pulse rate, spo2, oxygen saturation, body temperature, respiratory rate, respiration rate, body weight, glucose, ldl cholesterol, hdl cholesterol, triglycerides, creatinine, egfr, hemoglobin, haemoglobin,
		platelets, platelet count, phq9 score, gad7 score, apgar score, gravida, menstrual cycle, last menstrual period, numero paciente, patientennummer, chart number`},
	{keyHealth, shapeDigits, `medical record number, medical record no, medical record num, medical record id, mrn, patient id, patient number, patient no, patient identifier, patient mrn, patient account number, health insurance number, health insurance id, health insurance, insurance number, insurance id, insurance policy number, policy number, health plan number, health plan id, health plan beneficiary number, member id, subscriber id, policy holder id, mbi, medicare, medicare number, medicare id, medicare beneficiary identifier, medicaid,
		medicaid id, medicaid number, hicn, nhs number, nhs no, nhs, npi, npi number, dea, dea number, hospital number, health card number, health card, healthcard, prescription number, claim number, lanr, bsnr, krankenversichertennummer, versichertennummer, ihi number, chi number, patient ssn`},
	{keyHealth, shapeMember, `condition, conditions, symptom`},
	{keyHealth, shapeQuoted, `condition code, patient name, patient, patient first name, patient last name, patient address, patient email, patient phone, patient dob, patient birth date, patient gender, paciente, paziente, patientin, krankenkasse, referring provider, referring physician, primary care physician, face encoding, face embedding, iris scan, voiceprint, biometric template, insurance provider, health insurer, provider notes, attending physician, physician name`},
	{keyPII, shapeMail, `email, e mail, email address, e mail address, mail address, user email, useremail, email id, emails, email addresses, contact email, primary email, recovery email, from email, to email, reply to email, customer email, skype id`},
	{keyPII, shapeDegrees, `lat, lon, lng, coordinates, coords, lat lng, lat lon, lat long, geo`},
	{keyPII, shapeStreet, `address, adresse, direccion, dirección, indirizzo, adres, adresa, adress, addr, addr 1, osoite, calle, rua, ulica`},
	{keyPII, shapePhone, `phone, phone number, phone no, phone num, phonenumber, mobile, mobile number, mobile no, mobile phone, cell, cell phone, cellphone, cell number, fax, fax number, fax no, telephone, telephone number, telephone no, tel, tel number, home phone, work phone, msisdn, whatsapp, contact number, contact no, telefon, handy, emergency contact, mobilephone, homephone, phne nb, mob nb, phone home, phone work, phone mobile, my number, mob, телефон,
		telefono, teléfono, telefono movil, telefone, celular, movil, móvil, handynummer, mobilnummer, mobilfunknummer, telefonnummer, telefoonnummer, telefonszam, telefonszám, puhelin, puhelinnumero, tlf, numero telephone, numero de telephone, téléphone, numer telefonu, nr tel, tel no,
		telp, no hp, nomor telepon, cep telefonu, cellulare, mobil, gsm, portable, sms number, calling number, callee, to number, from number, e164`},
	{keyPII, shapeDigits, `ssn, ssn4, ssn last4, ssn last 4, social security, social security number, social security no, social insurance number, sin number, itin, itin number, national id, national id number, national identity number, national identification number, national insurance number, nino, identity number, id card, id card number, identity card, identity card number, citizen id, citizenship number, personal id number, personal number, personnummer, personal identity code, hetu, personalausweis, ausweisnummer, tax id, tax id number, tax identification number, taxpayer id, taxpayer identification number, tax number, tax no, tin, tfn, tax file number, vat id, vat number, vat no, fiscal code, codice fiscale, steuer id, steuernummer, sozialversicherungsnummer, rentenversicherungsnummer, ein number, aadhaar, aadhaar number, aadhar, aadhar number, pan card, pan number, cpf, cpf number, cnpj, cnpj number, rut, curp, rfc curp, nif, nie, dni, pesel, bsn, nric, fin number, hkid, cedula, rg number, cuit, cuil, rrn, resident registration number, resident id, steuer identifikationsnummer,
		passport, passport number, passport no, passport num, passport id, passportnumber, drivers license, driver license, drivers licence, driver licence, driving licence, driving license, drivers license number, driver license number, driver licence number, driving licence number, driving license number, dl number, licence no, fuehrerschein, voter id, voter id number, birth date, birthdate, date of birth, dob, birthday, birth day, birth year, year of birth, bday, born on, date birth, geburtsdatum, date naissance, imei, imei number, imsi, iccid, vin, vin number, vehicle identification number, license plate, licence plate, number plate, plate number, vehicle registration, vehicle registration number, registration plate, fecha nacimiento, fecha de nacimiento, fec nac, geburtstag, date de naissance, data nascimento, data de nascimento, data nascita, data di nascita, geboortedatum, fodselsdato, fødselsdato, fodselsdag, fodelsedatum, födelsedatum, syntymaaika, syntymäaika,
		data urodzenia, datum narozeni, datum narození, szuletesi datum, születési dátum, data nasterii, datum rodjenja, datum rođenja, dogum tarihi, doğum tarihi, data rozhdeniya, дата рождения, tanggal lahir, tgl lahir, ngay sinh, ngày sinh, 出生日期, 生年月日, 생년월일, birth dt, dateofbirth, d o b, born,
		plz, postleitzahl, code postal, codigo postal, código postal, cep, kod pocztowy, psc, postnummer, postinumero, iranyitoszam, cod postal, military id, alien number, green card number, visa number, employee ssn`},
	{keyPII, shapeQuoted, `strt nm, bldg nb, twn nm, pst cd, adr line, givenname, familyname, homephone, first name, firstname, last name, lastname, surname, family name, given name, middle name, maiden name, mothers maiden name, mother maiden name, full name, fullname, legal name, real name, customer name, client full name, contact name, person name, billing name, shipping name, recipient name, sender name, employee name, spouse name, emergency contact name, home address, street, street address, street name, streetaddress, street 1, street 2, address line, address line 1, address line 2, addressline 1, addressline 2, addr line 1, address 1, address 2, postal address, mailing address, billing address, shipping address, residential address, delivery address, customer address, user address, contact address, zip, zip code, zipcode, postal code, postalcode, postcode, post code, home town, city of birth, place of birth, birthplace, birth place, latitude, longitude, gps coordinates, gps location, geolocation, geo location, home location, gender, sex, race, ethnicity, religion, religious affiliation, nationality, citizenship, marital status, sexual orientation, political affiliation, political opinion, political views, political party member, trade union membership, union membership, mac addr, mac address, device mac, vorname, nachname, familienname, prenom, prénom, nom de famille, nom complet, apellido, apellidos, nombre completo, cognome, sobrenome, nome completo, voornaam, achternaam, fornavn, etternavn, efternavn, fornamn, efternamn, etunimi, sukunimi, imie, imię, nazwisko, jmeno, prijmeni,
		keresztnev, vezeteknev, prenume, prezime, ad soyad, soyad, familiya, otchestvo, фамилия, отчество, фио, 姓名, 氏名, ho ten, họ tên, fname, lname, forename, gecos, mother name, father name, child name, guardian name, next of kin, kanji name, kana name, passenger name, guest name, traveler name, traveller name,
		applicant name, student name, signer name, preferred name, birth name, nick name, anschrift, domicilio, endereco, endereço, logradouro, strasse, straße, hausnummer, lakcim, gatuadress, gateadresse, katuosoite, postadresse, house number, birth city, geburtsort, lieu de naissance, lugar nacimiento, lugar de nacimiento, luogo di nascita, luogo nascita,
		geschlecht, sexe, sexo, sesso, geslacht, kjonn, plec, płeć, pohlavi, gender identity, biological sex, pronouns, ethnic group, ethnic origin, staatsangehoerigkeit, staatsangehörigkeit, nationalite, nationalité, nacionalidad, cittadinanza, country of birth, political party, trade union, union member, familienstand, civil status, estado civil, stato civile,
		religione, religiao, konfession, religionszugehoerigkeit, latitud, longitud, breitengrad, laengengrad, längengrad, twitter handle, instagram handle, social handle, telegram username, skype name, bluetooth address, bt mac, wifi mac, immigration status, criminal record, age of user, personal data, personal info`},
}

// vendors make a secret of a key that is named after them: facebook.key,
// softlayer_key.
var vendors = wordSet(`adafruit adobe adyen airtable algolia alibaba aliyun amazon amplitude anthropic appsflyer artifactory asana atlassian auth0 authress aws azure baidu beamer binance bitbucket bitly bittrex branch
	braintree brevo bugsnag cisco clearbit clojars cloudant cloudflare cloudinary codeclimate codecov cohere coinbase confluent consul contentful cos coveralls databricks datadog ddog deepgram deepl deepseek digitalocean discord
	docker dockerhub doppler droneci dropbox duffel dynatrace easypost elastic elevenlabs etherscan etsy facebook fastly figma finicity finnhub firebase flickr flutterwave flyio freshbooks freshdesk gcp gemini geocodio github gitlab gitter gocardless google
	grafana groq hashicorp helpscout heroku hf hmac honeycomb hubspot huggingface iam ibm infracost infura instagram intercom ionic ipinfo ipstack jenkins jfrog jira jotform kagi kraken kucoin lastfm launchdarkly line linear linkedin linode lob loggly logzio
	mailchimp mailgun mailjet mandrill mapbox mapquest marvel mattermost mercadopago messagebird meraki mistral mixpanel moralis nasa netlify newrelic nexmo notion npm nuget nvidia nylas nytimes octopus okta omdb onelogin onesignal openai opencage openweather openweathermap opsgenie
	optimizely outlook pagerduty paypal paystack perplexity pexels pinecone pixabay plaid planetscale plivo polygon postman postmark privateai pubnub pulumi pusher pypi quandl quicknode rapidapi razorpay recaptcha replicate resend riot rollbar rubygems s3 salesforce saucelabs sauce
	sendbird sendgrid sendinblue slapi sentry serpapi shippo shodan shopify sidekiq signalwire sl slack snyk softlayer sonar sonarcloud sonarqube soundcloud sourcegraph sparkpost spotify square squarespace stability stormpath strava stripe sumologic supabase tatum telegram telnyx terraform
	tiktok tmdb todoist tomtom travis travisci trello tumblr twilio twitch twitter typeform unsplash uploadcare vercel virustotal vonage vultr wakatime walkscore weather weatherbit wikimedia woocommerce wordpress yandex yelp youtube zapier zendesk zoho zoom`)

// brands are vendors whose names run into no key: logdna_key, but not logdnakey.
var brands = wordSet(`mashape ably abuseipdb activecampaign agora airbrake akamai alchemy alienvault alpaca alphavantage appsignal appwrite assemblyai backblaze bigcommerce bing bitrise blockcypher browserstack bunnycdn calendly chargebee chartmogul circleci clarifai
	clerk clicksend clickup cloudconvert coinapi coingecko coinlayer coinmarketcap contentstack convertkit cronitor cryptocompare currencylayer customerio cypress dailymotion darksky datocms dnsimple docusign dwolla ecobee elasticemail
	eventbrite exoscale fastmail feishu flightaware foursquare freesound fullcontact gandi geoapify ghost giphy gumroad hetzner hibp honeybadger hunterio ifttt imagga imgur infobip ipdata ipgeolocation iqair iterable kaggle kickbox lastpass
	livekit locationiq logdna logrocket logtail lokalise mailerlite mailtrap maptiler maxmind mediastack meilisearch mixcloud mux n8n neutrino newsapi nftstorage noaa numverify omnisend openrouter opensky ovh papertrail passbase peloton percy
	pinata pingdom pipedrive plunk positionstack posthog prismic pubchem pushbullet pushover qdrant qualtrics rawg readwise recurly reddit revenuecat scaleway scraperapi scrapingbee screenshotlayer securitytrails serpstack sezzle shipengine
	shipstation sightengine signalfx signnow sinch smartsheet spoonacular statuspage stormglass storyblok surveymonkey tailscale tavily textmagic theguardian thetvdb tinify tinypng tomorrowio trakt twelvedata typesense uptimerobot urlscan
	userstack victorops vimeo visualcrossing voicerss vwo wasabi weatherapi weatherstack webex wistia wolfram wolframalpha worldcoinindex wrike xero yotpo zenrows zerotier zilliz zulip zyte`)

// benignBefore holds the words that make an ordinary thing of a last word:
// a next token is a cursor, a cache key opens nothing.
var benignBefore = wordSets(map[string]string{
	"token":   "next page continuation sync pagination cursor stop special end eos bos start first last max unexpected window syntax lexer parser cancel cancellation design fencing watch lease consistency position invalid current previous prev appwindow app progress resume change scroll",
	"pass":    "first second third multi render low high band test all by pre post single build ci boarding compile compiler optimization optimizer forward backward did must",
	"pin":     "gpio input output led clock io tx rx hardware",
	"key":     "ordering order public primary foreign sort partition routing cache idempotency schema object s3 message row index unique hash group dedup deduplication composite natural surrogate record event map dict sorted registry redis feature flag i18n translation locale label metric config setting property attribute field lookup search shard join range lock bucket document attr arrow hot return enter escape shift short item entry storage reduce grouping aggregation context kafka rate limit limiter candidate issue",
	"session": "user http current new", "sid": "account service messaging call message conference",
	"password": "forgot forgotten lost", "signing key": "kernel module release package",
	"signature": "function method type call",
	"secret":    "kube kubernetes k8s checksum existing external",
	"secrets":   "kube kubernetes k8s",
	"vin":       "voltage", "cell": "table grid power battery data", "mobile": "is",
	"condition": "air race node pod endpoint service ready stop wait error boundary exit loop break alarm trigger entry initial if pre post start end filter search where", "conditions": "race node pod ready stop wait error boundary exit loop status filter search where",
	"race": "data", "patient": "be", "treatment": "experiment ab split control special",
	"pan": "tilt camera", "swift": "openstack objectstorage",
	"member id": "cluster group consumer etcd raft ring local remote peer",
})

// benignAfter holds the words that make something about a secret of a
// password key: password_length, password_reset_url.
var benignAfter = wordSet(`reset required require length len min max policy policies type types count url uri link path file filename dir name names id ids expires expired expiry expiration at ttl age
	enabled disabled hint attempts attempt retries status state error errors err message msg changed updated created modified date time field label prompt placeholder regex pattern rule rules strength
	version format algorithm algo provider manager service endpoint host header prefix suffix param params store arn ref reference scope issuer audience limit usage size bytes valid invalid ok set
	present exists used source mode kind class input output encoder encryptor encoded cached total auth authentication authenticator grant check checker validation validator verified verification verify match matches mismatch
	failed failure success login form page screen view button rotation generator recovery forgot forgotten change update callback days hours minutes seconds history protected protection less complexity
	rate rates ratio percentage percent pct criteria band
	ts js jsx tsx go py rb java php rs kt cs cpp vue html erb md
	column row table index iterations rounds cost only mask masked redacted for in is to of and or with from flag options option config key keys db dn env var variable`)

// tailWords may follow the word that counts.
var tailWords = wordSet(`value values val plain plaintext cleartext text raw string str b64 base64 encoded encrypted hashed input confirm confirmation confirmed again repeat repeated retype verify2 old new current prod dev
	test staging live default main primary1 secondary1 1 2 3 0 4 5 hex bytes data header pem 01 02`)

// phrase is what the words of a key say of its value.
type phrase struct {
	rule  *Rule
	shape shape
}

// maxPhrase is of how many words a phrase is at most.
const maxPhrase = 5

// spelled maps words joined by spaces to what they say.
var spelled = func() map[string]phrase {
	out := map[string]phrase{}
	for _, f := range keyFamilies {
		for p := range strings.SplitSeq(f.phrases, ",") {
			p = strings.Join(strings.Fields(p), " ")
			out[p] = phrase{f.rule, f.shape}
		}
	}
	for i := range nationalNames {
		name := &nationalNames[i]
		for key := range strings.SplitSeq(name.keys, ",") {
			key = strings.Join(strings.Fields(key), " ")
			if _, ok := out[key]; !ok && key != "" {
				out[key] = phrase{name.rule, name.shape()}
			}
		}
	}
	return out
}()

// phrases is spelled, and the same words run into each other.
var phrases = func() map[string]phrase {
	out := maps.Clone(spelled)
	for _, f := range keyFamilies {
		for p := range strings.SplitSeq(f.phrases, ",") {
			p = strings.Join(strings.Fields(p), " ")
			joined := strings.ReplaceAll(p, " ", "")
			if _, ok := out[joined]; !ok && len(joined) > 4 {
				out[joined] = phrase{f.rule, f.shape}
			}
		}
	}
	for key, name := range namesByKey { // and with "number" behind, which needs no trigger
		if _, ok := out[key]; !ok {
			out[key] = phrase{name.rule, name.shape()}
		}
	}
	for v := range vendors {
		for _, end := range gluedEnds {
			out[v+end] = phrase{keyAuth, shapeToken}
		}
		out[v+"password"] = phrase{keyPassword, shapeAny}
	}
	return out
}()

// passwordWords are sensitive whatever follows them in a key, unless it is
// one of benignAfter: db_pass_secure, apikey_myservice.
var passwordWords = map[string]*Rule{
	"password": keyPassword, "passwd": keyPassword, "pwd": keyPassword, "passphrase": keyPassword, "pass": keyPassword,
	"apikey": keyAuth, "passwort": keyPassword,
}

// conventions are attributes of the OpenTelemetry semantic conventions whose
// names sound like more than they hold.
var conventions = wordSet(`session.id session.previous_id mcp.session.id geo.location.lat geo.location.lon geo.postal_code geo.region.iso_code geo.country.iso_code
	browser.mobile host.mac user.hash db.connection_string gen_ai.token.type feature_flag.key messaging.kafka.message.key aws.s3.key
	aws.secretsmanager.secret.arn tls.client.hash.sha256 tls.server.hash.sha256 tls.client.hash.md5 client.address server.address
	source.address destination.address network.peer.address network.local.address device.id k8s.secret.name
	messaging.rocketmq.message.keys messaging.rabbitmq.destination.routing_key messaging.eventhubs.message.enqueued_time
	process.command_line process.command_args error.message exception.message`)

// Conventions returns the keys of the semantic conventions that only sound
// sensitive, in order.
func Conventions() []string {
	out := make([]string, 0, len(conventions))
	for key := range conventions {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// statementKeys hold an SQL statement, or a query in another language.
var statementKeys = wordSet(`sql query statement stmt db.sql sql.statement sql.text sql_query sqlQuery sql_statement db.query db_query db.query_text`)

// sqlKeys hold an SQL statement.
var sqlKeys = wordSet(`db.query.text db.statement sql.query db.sql.query`)
