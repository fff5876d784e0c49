package storage

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/insert.lua
	insertSource string
	//go:embed lua/commit.lua
	commitSource string
	//go:embed lua/list.lua
	listSource string
	//go:embed lua/last_kudos.lua
	lastKudosSource string
	//go:embed lua/served.lua
	servedSource string
	//go:embed lua/doubt.lua
	doubtSource string
	//go:embed lua/accept.lua
	acceptSource string
	//go:embed lua/claim.lua
	claimSource string
	//go:embed lua/posting.lua
	postingSource string
	//go:embed lua/settle.lua
	settleSource string
	//go:embed lua/release.lua
	releaseSource string
	//go:embed lua/fire.lua
	fireSource string
	//go:embed lua/seen.lua
	seenSource string
	//go:embed lua/free.lua
	freeSource string
	//go:embed lua/pace.lua
	paceSource string
	//go:embed lua/backoff.lua
	backoffSource string
	//go:embed lua/save_members.lua
	saveMembersSource string
	//go:embed lua/hold_sync.lua
	holdSyncSource string
	//go:embed lua/save_sync.lua
	saveSyncSource string
	//go:embed lua/forget_member.lua
	forgetMemberSource string
	//go:embed lua/forget_fields.lua
	forgetFieldsSource string
	//go:embed lua/draft_round.lua
	draftRoundSource string
	//go:embed lua/adopt_round.lua
	adoptRoundSource string
)

// The scripts. Running one sends its hash, and its source only to a server that does not know it.
var (
	commitScript    = redis.NewScript(insertSource + commitSource)
	listScript      = redis.NewScript(listSource)
	lastKudosScript = redis.NewScript(lastKudosSource)
	claimScript     = redis.NewScript(servedSource + freeSource + claimSource)
	postingScript   = redis.NewScript(servedSource + postingSource)
	settleScript    = redis.NewScript(insertSource + servedSource + settleSource)
	doubtScript     = redis.NewScript(servedSource + doubtSource)
	servedScript    = redis.NewScript(servedSource + "\nreturn served(KEYS[1], ARGV[1], '0') and 1 or 0\n")
	acceptScript    = redis.NewScript(servedSource + acceptSource)
	releaseScript   = redis.NewScript(releaseSource)
	fireScript      = redis.NewScript(insertSource + fireSource)
	seenScript      = redis.NewScript(seenSource)
	paceScript      = redis.NewScript(freeSource + paceSource)
	backoffScript   = redis.NewScript(backoffSource)

	saveMembersScript  = redis.NewScript(saveMembersSource)
	holdSyncScript     = redis.NewScript(holdSyncSource)
	saveSyncScript     = redis.NewScript(saveSyncSource)
	forgetMemberScript = redis.NewScript(forgetMemberSource)
	forgetFieldsScript = redis.NewScript(forgetFieldsSource)
	draftRoundScript   = redis.NewScript(draftRoundSource)
	adoptRoundScript   = redis.NewScript(adoptRoundSource)
)
