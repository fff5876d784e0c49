package bot

import "strings"

// countryZones are the time zones of the countries whose calendars are known, as the time zone database's zone.tab has them.
var countryZones = map[string]string{
	"AT": "Europe/Vienna",
	"BE": "Europe/Brussels",
	"BR": "America/Araguaina America/Bahia America/Belem America/Boa_Vista America/Campo_Grande America/Cuiaba America/Eirunepe America/Fortaleza America/Maceio " +
		"America/Manaus America/Noronha America/Porto_Velho America/Recife America/Rio_Branco America/Santarem America/Sao_Paulo",
	"CA": "America/Atikokan America/Blanc-Sablon America/Cambridge_Bay America/Creston America/Dawson America/Dawson_Creek America/Edmonton America/Fort_Nelson " +
		"America/Glace_Bay America/Goose_Bay America/Halifax America/Inuvik America/Iqaluit America/Moncton America/Montreal America/Rankin_Inlet America/Regina " +
		"America/Resolute America/St_Johns America/Swift_Current America/Toronto America/Vancouver America/Whitehorse America/Winnipeg",
	"CH": "Europe/Zurich",
	"CZ": "Europe/Prague",
	"DE": "Europe/Berlin Europe/Busingen",
	"DK": "Europe/Copenhagen",
	"ES": "Africa/Ceuta Atlantic/Canary Europe/Madrid",
	"FR": "Europe/Paris",
	"GB": "Europe/London Europe/Belfast",
	"IE": "Europe/Dublin",
	"IT": "Europe/Rome",
	"JP": "Asia/Tokyo",
	"NL": "Europe/Amsterdam",
	"NO": "Europe/Oslo",
	"NZ": "Pacific/Auckland Pacific/Chatham",
	"PL": "Europe/Warsaw",
	"SE": "Europe/Stockholm",
	"US": "America/Adak America/Anchorage America/Boise America/Chicago America/Denver America/Detroit America/Indiana/Indianapolis America/Indiana/Knox " +
		"America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac " +
		"America/Juneau America/Kentucky/Louisville America/Kentucky/Monticello America/Los_Angeles America/Menominee America/Metlakatla America/New_York America/Nome " +
		"America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Phoenix America/Sitka America/Yakutat Pacific/Honolulu",
}

// HolidaysIn is the country calendar of a time zone, by ISO 3166-1 alpha-2 code; empty for a zone whose country has none here.
func HolidaysIn(zone string) string {
	for country, zones := range countryZones {
		for name := range strings.FieldsSeq(zones) {
			if name == zone {
				return country
			}
		}
	}
	return ""
}
