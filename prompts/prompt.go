package prompts

import "slices"

// Prompt is one small thing to do, ask or think about.
type Prompt struct {
	// ID is lower-case words joined by hyphens, the same forever: what people have seen is remembered by it.
	ID string
	// Text is what people read, in plain words: no mentions, no formatting. Lines that belong together are joined; an empty line between
	// paragraphs stays.
	Text string
	// Themes are what it is about, at least one.
	Themes []string
	// Kind is the place in the product for which it is written.
	Kind Kind
	// Language is a lower-case ISO 639-1 code; "en" where the file says nothing.
	Language string
	// Practice is the id of the practice that it turns into a habit; see [Practices].
	Practice string
	// Minutes is how long doing it takes, from 1 to 30.
	Minutes int
	// File and Line say where it stands, for messages about it.
	File string
	Line int
}

// Kind is a place in the product in which a prompt is shown.
type Kind string

// The kinds.
const (
	KindCoffee      Kind = "coffee"     // a question in an introduction, for people who hardly know each other
	KindMentor      Kind = "mentor"     // a theme for a mentor pair's month
	KindWelcome     Kind = "welcome"    // for a colleague's first weeks
	KindDigest      Kind = "digest"     // the one line that ends a channel's digest
	KindQuietWork   Kind = "quiet-work" // the day before a digest: whose work went unseen?
	KindGiveFirst   Kind = "give-first" // something to give before anything is asked
	KindSupport     Kind = "support"    // find out what somebody needs
	KindListening   Kind = "listening"  // the morning of a conversation
	KindTrust       Kind = "trust"      // a theme nudge, in turn or as picked
	KindRespect     Kind = "respect"
	KindInfluence   Kind = "influence"     // letting oneself be influenced
	KindFeedback    Kind = "feedback"      // ask for it, give it, use it
	KindFriction    Kind = "friction"      // remove one obstacle for others
	KindSponsor     Kind = "sponsor"       // say their name in a room they are not in
	KindAdapt       Kind = "adapt"         // the monthly "one thing I changed"
	KindClarity     Kind = "clarity"       // say where something stands
	KindPromise     Kind = "promise"       // keep, move or release what was promised
	KindKeepInTouch Kind = "keep-in-touch" // people one would lose touch with, inside and outside
	KindProfile     Kind = "profile"       // what do I bring, and whom does it help?
	KindCheckIn     Kind = "check-in"      // the state of one relationship: my own giving
	KindRepair      Kind = "repair"        // the private guide after a conflict
	KindRecap       Kind = "recap"         // the one question of a quarterly recap
)

// Kinds returns all kinds in the order in which the documentation lists them.
func Kinds() []Kind {
	return []Kind{
		KindCoffee, KindMentor, KindWelcome, KindDigest, KindQuietWork, KindGiveFirst, KindSupport, KindListening, KindTrust,
		KindRespect, KindInfluence, KindFeedback, KindFriction, KindSponsor, KindAdapt, KindClarity, KindPromise, KindKeepInTouch,
		KindProfile, KindCheckIn, KindRepair, KindRecap,
	}
}

// Practice is one of the relationship practices that Rapport turns into habits.
type Practice struct {
	ID       string
	Sentence string
}

// Practices returns every practice of the mission, in its order.
func Practices() []Practice {
	return []Practice{
		{"reliable", "be reliable, follow through on commitments"},
		{"time", "respect others' time"},
		{"expertise", "respect others' expertise"},
		{"listen", "listen actively, ask thoughtful questions; to be heard, listen"},
		{"feedback", "give clear, honest feedback; stay open to it; keep learning"},
		{"clear", "communicate clearly and consistently"},
		{"value", "know and state what you bring and whom it helps"},
		{"mutual", "meaningful interactions and mutual benefit, not contact collecting"},
		{"conflict", "in conflict: perspective, curiosity, common ground, resolution over winning"},
		{"adaptable", "be adaptable"},
		{"silos", "ties across departments, fewer silos"},
		{"stakeholders", "strong ties with clients, partners and stakeholders"},
		{"network", "a broad, diverse network; connection to leaders"},
		{"mentorship", "mentorship, sponsorship, coaching, learning together"},
		{"shared-goals", "shared goals; purpose over preference; the mission comes first"},
		{"long-game", "intentional effort, a long game, small sacrifices that compound"},
		{"next-step", "ask yourself what steps you are taking"},
		{"needs", "know what others need and how to support them"},
		{"state", "ask what the state of a relationship is"},
		{"reciprocal", "trust, respect, listening and influence are reciprocal, and you go first"},
		{"give-first", "give trust, respect and listening first; let yourself be influenced; give before asking"},
		{"care", "care: value perspective, respect effort, be willing to adapt"},
		{"ego", "notice the excuses of ego"},
		{"service", "lead through service, reduce friction"},
		{"unseen", "the work is often unseen, the results visible"},
	}
}

func isPractice(id string) bool {
	return slices.ContainsFunc(Practices(), func(p Practice) bool { return p.ID == id })
}
