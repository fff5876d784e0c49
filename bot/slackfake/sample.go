package slackfake

import (
	"slices"
	"time"
)

// seatedPeople is how many people, the first in the list, are in the first four public channels together with the app.
const seatedPeople = 24

// found builds the company that the workspace begins with: people of all kinds, places, user groups and some talk of the last
// days, so that the first look is alive. No people, no company.
func (s *Server) found(sample Sample) {
	if sample.People <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	people := s.foundPeople(sample.People, sample.Seed)
	f := &founding{server: s, people: people, others: s.foundOthers(people)}
	f.channels()
	f.groups()
	f.talk()
}

// foundPeople adds n regular people. Their managers, handles until now, become ids: a manager always stands earlier in the list or
// among the hand-written first. The mutex is held.
func (s *Server) foundPeople(n int, seed uint64) []*User {
	people := samplePeople(n, seed)
	ids := make(map[string]string, n)
	managers := make(map[*User]string, n)
	for _, u := range people {
		managers[u], u.Manager = u.Manager, ""
		u.Manager = ids[managers[u]]
		handle := u.Name
		s.addUser(u)
		ids[handle] = u.ID
	}
	for _, u := range people {
		u.Manager = ids[managers[u]]
	}
	return people
}

// foundOthers adds one of each kind of person that an app has to treat with care, and returns them by handle. The mutex is held.
func (s *Server) foundOthers(people []*User) map[string]*User {
	others := []*User{
		{Name: "gwen", RealName: "Gwen Barlow", Title: "Contract writer", TZ: london, Locale: "en-GB", Guest: true, Department: "Design"},
		{Name: "otis", RealName: "Otis Reyes", Title: "Support Engineer", TZ: newYork, Locale: "en-US", Deleted: true, Department: "Support"},
		{Name: "deploys", RealName: "Deploys", Title: "Says what went live", Bot: true},
		{
			Name: "sofia", RealName: "Sofia Nyman", Title: "Project Manager at Nordwind", TZ: berlin, Locale: "en-US",
			Stranger: true, TeamID: "T000000002",
		},
	}
	byHandle := make(map[string]*User, len(others))
	for i, u := range others {
		u.Color = sampleColors[i]
		if !u.Bot {
			u.Email = u.Name + "@" + map[bool]string{true: "nordwind", false: "acme"}[u.Stranger] + ".example"
		}
		handle := u.Name
		byHandle[handle] = s.addUser(u)
	}
	if len(people) > 0 {
		byHandle["gwen"].Manager = people[0].ID
	}
	return byHandle
}

// founding holds what the steps of found share.
type founding struct {
	server *Server
	people []*User
	others map[string]*User
	places map[string]*Channel
	said   int64 // how many lines of talk there are
}

// channels adds the places. The first four public ones contain the app and the first people; everybody is in #general.
func (f *founding) channels() {
	seated := f.ids(func(i int, _ *User) bool { return i < seatedPeople })
	everyone := f.ids(func(int, *User) bool { return true })
	app := []string{f.server.app.botUser}
	first := func(n int) []string { return seated[:min(n, len(seated))] }
	f.places = map[string]*Channel{}
	f.place(&Channel{Name: "general", Kind: Public, General: true, Topic: "Announcements for all of us"}, app, everyone, []string{f.others["gwen"].ID})
	f.place(&Channel{Name: "kudos", Kind: Public, Topic: "Good work, made visible"}, app, seated)
	f.place(&Channel{Name: "coffee", Kind: Public, Topic: "Twenty-five minutes with someone new"}, app, seated)
	f.place(&Channel{Name: "product", Kind: Public, Topic: "What we build, and why"}, app, seated, f.department("Product"))
	f.place(&Channel{Name: "engineering", Kind: Public, Topic: "How we build it"}, f.department("Engineering"), []string{f.others["deploys"].ID})
	f.place(&Channel{Name: "design", Kind: Public, Topic: "Crits on Thursday"}, f.department("Design"), []string{f.others["gwen"].ID})
	f.place(&Channel{Name: "support", Kind: Public, Topic: "What customers tell us"}, f.department("Support"))
	f.place(&Channel{Name: "random", Kind: Public, Topic: "Plants, pets, playlists"}, seated)
	f.place(&Channel{Name: "leads", Kind: Private, Topic: "Department leads"}, f.leads())
	f.place(&Channel{Name: "nordwind-launch", Kind: Public, Shared: true, Topic: "Shared with Nordwind"}, first(4), []string{f.others["sofia"].ID})
}

func (f *founding) place(c *Channel, members ...[]string) {
	c.Created = f.server.clock.Now().AddDate(0, -6, 0)
	c.Creator = f.people[0].ID
	f.server.addChannel(c)
	seen := map[string]bool{}
	for _, id := range slices.Concat(members...) {
		if !seen[id] {
			seen[id] = true
			f.server.join(c, id)
		}
	}
	f.places[c.Name] = c
}

// groups adds the user groups: one a department, a small one, and one that was switched off.
func (f *founding) groups() {
	handles := map[string]string{
		"Engineering": "engineers", "Product": "product-team", "Design": "designers", "Sales": "sales-team", "Support": "support-team",
		"People": "people-team",
	}
	for _, department := range sampleDepartments {
		f.server.addGroup(&UserGroup{Handle: handles[department], Name: department, Users: f.department(department)})
	}
	oncall := f.ids(func(_ int, u *User) bool { return u.Name == "bob" || u.Name == "ivo" || u.Name == "uma" })
	f.server.addGroup(&UserGroup{Handle: "oncall", Name: "On call this week", Users: oncall})
	f.server.addGroup(&UserGroup{Handle: "old-office", Name: "The old office", Users: []string{f.others["otis"].ID}, Disabled: true})
}

func (f *founding) ids(keep func(i int, u *User) bool) []string {
	var ids []string
	for i, u := range f.people {
		if keep(i, u) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func (f *founding) department(name string) []string {
	return f.ids(func(_ int, u *User) bool { return u.Department == name })
}

// leads are the people whom somebody of the hand-written first reports to.
func (f *founding) leads() []string {
	reports := map[string]bool{}
	for _, u := range f.people[:min(len(firstPeople), len(f.people))] {
		reports[u.Manager] = true
	}
	return f.ids(func(i int, u *User) bool { return i == 0 || reports[u.ID] })
}

// byHandle finds a founded person; nil if the company is too small to have them.
func (f *founding) byHandle(handle string) *User {
	if u := f.others[handle]; u != nil {
		return u
	}
	for _, u := range f.people[:min(len(firstPeople), len(f.people))] {
		if u.Name == handle {
			return u
		}
	}
	return nil
}

// workdaysAgo is the civil day that lies n working days before now, as midnight in zone.
func workdaysAgo(now time.Time, n int, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, zone)
	for n > 0 {
		day = day.AddDate(0, 0, -1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			n--
		}
	}
	return day
}
