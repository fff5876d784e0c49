package bot

import "testing"

// Somebody else gives a program a name just when this one's was found free.
func TestTwoProgramsOfAChannelNeverHaveOneName(t *testing.T) {
	for _, tt := range []struct {
		name    string
		renamed bool   // mine is there already, and gets another name
		other   string // the name that the other one gets
		where   string
		want    FaultCode
	}{
		{"created at once", false, "LUNCH", "C1", ProgramTaken},
		{"created while the other gets another name", false, "Dinner", "C1", ""},
		{"created while another channel's gets the name", false, "Lunch", "P1", ""},
		{"renamed at once", true, "Lunch", "C1", ProgramTaken},
		{"renamed while the other gets another name", true, "Dinner", "C1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			named := func(channel, name string) Program {
				p := NewProgram(channel, "b", "Europe/Berlin")
				p.Name = name
				return p
			}
			k.stage.inside["P1 b"] = true
			mine := Program{}
			if tt.renamed {
				mine = k.setUp("C1", nil)
			}
			k.shelf.onScene = func() {
				if _, err := k.Save(t.Context(), k.now, k.token(), "b", named(tt.where, tt.other)); err != nil {
					t.Error(err)
				}
			}
			var err error
			if tt.renamed {
				_, err = k.Change(t.Context(), k.now, ProgramAct{Token: k.token(), Actor: "a", Program: mine.ID, Version: mine.Version}, func(p *Program) error {
					p.Name = "Lunch"
					return nil
				})
			} else {
				p := named("C1", "Lunch")
				p.Owner = "a"
				_, err = k.Save(t.Context(), k.now, k.token(), "a", p)
			}
			if code(err) != tt.want {
				t.Errorf("answered %v, want %q", err, tt.want)
			}
			count := 0
			for _, p := range k.shelf.programs {
				if p.Channel == "C1" && (p.Name == "Lunch" || p.Name == "LUNCH") {
					count++
				}
				if p.Names != 0 {
					t.Errorf("%q keeps what names there were", p.Name)
				}
			}
			if count != 1 {
				t.Errorf("%d programs are called so", count)
			}
		})
	}
}

// Whoever looked at settings that changed meanwhile is told so, also where the name is new.
func TestANewNameDoesNotHideAStaleForm(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil)
	rename := func(name string) error {
		_, err := k.Change(t.Context(), k.now, ProgramAct{Token: k.token(), Actor: "a", Program: p.ID, Version: p.Version}, func(p *Program) error {
			p.Name = name
			return nil
		})
		return err
	}
	if err := rename("Lunch"); err != nil {
		t.Fatal(err)
	}
	if err := rename("Dinner"); code(err) != FaultStale {
		t.Errorf("answered %v", err)
	}
}
