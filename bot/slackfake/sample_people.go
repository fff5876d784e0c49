package slackfake

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The departments of the sample company.
var sampleDepartments = []string{"Engineering", "Product", "Design", "Sales", "Support", "People"}

// Eight zones that share no working hours all at once: whoever pairs people there meets every awkward case on the first day.
const (
	berlin   = "Europe/Berlin"
	london   = "Europe/London"
	newYork  = "America/New_York"
	westward = "America/Los_Angeles"
	saoPaulo = "America/Sao_Paulo"
	kolkata  = "Asia/Kolkata"
	tokyo    = "Asia/Tokyo"
	sydney   = "Australia/Sydney"
)

// samplePerson is one hand-written person. Order matters: the first are the ones that guides and tests call by their short handles.
type samplePerson struct {
	handle, name, title, department, zone, locale, manager string
}

// firstPeople are the people that everybody meets first. Neighbours in the list are of different departments, so that a small
// company of the first few is as mixed as the whole one. Three have no zone, as happens in real workspaces.
var firstPeople = []samplePerson{
	{"ana", "Ana Ferreira", "People Lead", "People", berlin, "en-US", ""},
	{"bob", "Bob Okafor", "Staff Engineer", "Engineering", newYork, "en-US", "lea"},
	{"cy", "Cy Nakamura", "Product Manager", "Product", westward, "en-US", "tess"},
	{"dee", "Dee Sharma", "Account Executive", "Sales", kolkata, "en-GB", "sam"},
	{"eli", "Eli Rosenberg", "Support Lead", "Support", london, "en-GB", "ana"},
	{"fay", "Fay Lefèvre", "Product Designer", "Design", berlin, "fr-FR", "oto"},
	{"gus", "Gus Andrade", "Backend Engineer", "Engineering", saoPaulo, "pt-BR", "lea"},
	{"hana", "Hana Kobayashi", "Sales Engineer", "Sales", tokyo, "ja-JP", "sam"},
	{"ivo", "Ivo Petrov", "Site Reliability Engineer", "Engineering", berlin, "de-DE", "lea"},
	{"jun", "Jun Park", "UX Researcher", "Design", tokyo, "en-US", "oto"},
	{"kai", "Kai Thompson", "Support Engineer", "Support", sydney, "en-GB", "eli"},
	{"lea", "Lea Brandt", "Engineering Manager", "Engineering", berlin, "de-DE", "ana"},
	{"max", "Max Oyelaran", "Account Manager", "Sales", london, "en-GB", "sam"},
	{"nia", "Nia Campbell", "Recruiter", "People", newYork, "en-US", "ana"},
	{"oto", "Oto Novák", "Head of Design", "Design", berlin, "en-US", "ana"},
	{"pia", "Pía Morales", "Data Engineer", "Engineering", newYork, "es-ES", "lea"},
	{"quin", "Quin Walsh", "Product Analyst", "Product", london, "en-GB", "tess"},
	{"rosa", "Rosa Almeida", "Customer Success Manager", "Support", saoPaulo, "pt-BR", "eli"},
	{"sam", "Sam Haddad", "Head of Sales", "Sales", london, "en-GB", "ana"},
	{"tess", "Tess Nguyen", "Head of Product", "Product", westward, "en-US", "ana"},
	{"uma", "Uma Krishnan", "Mobile Engineer", "Engineering", kolkata, "en-GB", "lea"},
	{"vik", "Vik Reddy", "Support Engineer", "Support", kolkata, "en-GB", "eli"},
	{"wren", "Wren Abara", "Content Designer", "Design", sydney, "en-GB", "oto"},
	{"xavi", "Xavi Soler", "Security Engineer", "Engineering", "", "es-ES", "lea"},
	{"yara", "Yara Haidar", "Office and Events", "People", berlin, "en-US", "ana"},
	{"zoe", "Zoe Martin", "Product Manager", "Product", newYork, "en-US", "tess"},
	{"amir", "Amir Hosseini", "Frontend Engineer", "Engineering", westward, "en-US", "lea"},
	{"bea", "Bea Schulz", "Account Executive", "Sales", berlin, "de-DE", "sam"},
	{"carl", "Carl Jensen", "Support Engineer", "Support", newYork, "en-US", "eli"},
	{"dina", "Dina Fahmy", "Brand Designer", "Design", london, "en-GB", "oto"},
	{"emre", "Emre Aydın", "Platform Engineer", "Engineering", london, "en-GB", "lea"},
	{"finn", "Finn O'Brien", "Sales Operations", "Sales", newYork, "en-US", "sam"},
	{"gita", "Gita Menon", "Product Manager", "Product", kolkata, "en-GB", "tess"},
	{"hugo", "Hugo Bernard", "Support Engineer", "Support", "", "fr-FR", "eli"},
	{"ines", "Inês Carvalho", "Payroll and Benefits", "People", saoPaulo, "pt-BR", "ana"},
	{"joe", "Joe Tanaka", "QA Engineer", "Engineering", tokyo, "en-US", "lea"},
	{"kofi", "Kofi Mensah", "Account Executive", "Sales", london, "en-GB", "sam"},
	{"lars", "Lars Holm", "Product Marketing", "Product", "", "en-US", "tess"},
	{"mei", "Mei Lin", "Interaction Designer", "Design", westward, "en-US", "oto"},
	{"noor", "Noor Rahman", "Learning and Development", "People", sydney, "en-GB", "ana"},
}

var (
	sampleFirstNames = strings.Fields(`Ada Aiko Alba Amara Anders Anika Arun Asha Ayla Bao Bilal Bruno Carla Chidi Clara Dario Diego
		Elena Elif Emeka Esra Farah Felix Gael Grace Hamza Helga Ida Ilya Imani Irina Isla Jakob Jana Jia Jonas Kamal Karin Keiko Kwame
		Laila Leo Lina Luca Mateo Maya Milan Mina Mira Moses Nadia Naoki Nils Olga Omar Otis Paula Pedro Priya Rafael Ravi Rita Ronan
		Sara Selma Simon Sofia Sven Tariq Teo Thandi Tomas Ursula Vera Victor Wanda Yusuf Zainab Zola Zuri`)
	sampleLastNames = strings.Fields(`Abdi Adler Ahmed Bailey Banerjee Barros Becker Bianchi Castro Chen Costa Cruz Dahl Das Diallo
		Dubois Eriksen Farouk Fischer Fujita Garcia Gupta Hansen Hassan Hayashi Ibrahim Ito Ivanova Jansen Joshi Kamau Kaya Keller Khan
		Kim Kowalski Kruger Larsen Lopez Lund Maier Mbeki Meyer Mori Moyo Mwangi Nair Ndiaye Nilsen Okoye Osei Patel Pham Popov Ramos
		Rossi Roy Saito Santos Sato Schmidt Silva Singh Suzuki Tran Vega Vogel Wang Weber Yilmaz Zhang`)
	sampleTitles = map[string][]string{
		"Engineering": {"Software Engineer", "Data Engineer", "Platform Engineer", "QA Engineer", "Engineering Manager"},
		"Product":     {"Product Manager", "Product Analyst", "Technical Writer"},
		"Design":      {"Product Designer", "UX Researcher", "Content Designer"},
		"Sales":       {"Account Executive", "Sales Engineer", "Partner Manager"},
		"Support":     {"Support Engineer", "Customer Success Manager"},
		"People":      {"Recruiter", "People Partner", "Facilities"},
	}
	sampleColors = strings.Fields(`2f6f8f b8503c 5b7a3a 8a5a9e c08a1e 3c7d6b a34d78 4a62a8 9c6b3f 2e8a8a 7c4fb0 b5653f`)
)

// sampleLocales are what people in a zone mostly have set.
var sampleLocales = map[string]string{
	berlin: "de-DE", london: "en-GB", newYork: "en-US", westward: "en-US", saoPaulo: "pt-BR", kolkata: "en-GB", tokyo: "ja-JP", sydney: "en-GB",
}

// samplePeople makes n regular people, the same ones for the same seed. They have no ids yet, and Manager holds a handle. The first
// 40 are hand-written; further ones are drawn, every manager being someone earlier in the list and of the same department.
func samplePeople(n int, seed uint64) []*User {
	draw := rand.New(rand.NewPCG(seed, 40))
	people := make([]*User, 0, n)
	lead := map[string]string{} // who new people of a department report to
	for i := range n {
		var u *User
		if i < len(firstPeople) {
			u = handWritten(firstPeople[i])
		} else {
			u = drawn(i, draw, lead)
		}
		u.Color = sampleColors[draw.IntN(len(sampleColors))]
		u.Email = u.Name + "@acme.example"
		people = append(people, u)
		if lead[u.Department] == "" || strings.Contains(u.Title, "Manager") || strings.Contains(u.Title, "Head of") {
			lead[u.Department] = u.Name
		}
	}
	if n > 0 {
		people[0].Admin, people[0].Owner = true, true
	}
	return dropMissingManagers(people)
}

func handWritten(p samplePerson) *User {
	return &User{
		Name: p.handle, RealName: p.name, Title: p.title, Department: p.department, TZ: p.zone, Locale: p.locale, Manager: p.manager,
	}
}

// drawn makes person number i. Their handle is unique because it ends in their number.
func drawn(i int, draw *rand.Rand, lead map[string]string) *User {
	first := sampleFirstNames[draw.IntN(len(sampleFirstNames))]
	last := sampleLastNames[draw.IntN(len(sampleLastNames))]
	department := sampleDepartments[draw.IntN(len(sampleDepartments))]
	titles := sampleTitles[department]
	zones := []string{berlin, berlin, london, newYork, newYork, westward, saoPaulo, kolkata, tokyo, sydney}
	zone := zones[draw.IntN(len(zones))]
	u := &User{
		Name: strings.ToLower(fmt.Sprintf("%s.%s%d", first, last, i+1)), RealName: first + " " + last,
		Title: titles[draw.IntN(len(titles))], Department: department, TZ: zone, Locale: sampleLocales[zone], Manager: lead[department],
	}
	if draw.IntN(50) == 0 {
		u.TZ = ""
	}
	return u
}

// dropMissingManagers clears managers that a small company does not have.
func dropMissingManagers(people []*User) []*User {
	there := make(map[string]bool, len(people))
	for _, u := range people {
		there[u.Name] = true
	}
	for _, u := range people {
		if !there[u.Manager] {
			u.Manager = ""
		}
	}
	return people
}
