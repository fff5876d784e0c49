package bot

import "errors"

// Fault is what a person may be told of an error: a code for which the views have words, and what the words need. The cause, if
// any, is for the log alone.
type Fault struct {
	Code  FaultCode
	Typed string   // what the person typed, given back so that nothing is lost
	Names []string // member ids that the words name, such as those who cannot be thanked
	Limit int      // the number that was exceeded or is needed
	Cause error    // for the log; never shown
}

// FaultCode names one thing that can be wrong with what a person asked for.
type FaultCode string

// Error implements error, for the log.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return string(f.Code) + ": " + f.Cause.Error()
	}
	return string(f.Code)
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Codes that any use case may return.
const (
	FaultNotFound  FaultCode = "not_found"   // no such object, or not for this person to see: both read the same
	FaultForbidden FaultCode = "forbidden"   // the person sees the object but may not do this with it
	FaultStale     FaultCode = "stale"       // somebody changed the object meanwhile
	FaultUnsaved   FaultCode = "unconfirmed" // the store did not answer: it may have been saved, or not
	FaultUnread    FaultCode = "unread"      // the store did not answer a question: nothing was saved
	FaultDone      FaultCode = "already"     // it is already so
	FaultTooLate   FaultCode = "too_late"    // what could be undone no longer can
	FaultOff       FaultCode = "switched_off"
	FaultInvalid   FaultCode = "invalid" // a value that no honest form sends
)

// What a store answers, besides its own errors.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed meanwhile")
	ErrLimit    = errors.New("limit reached")
	ErrRepeated = errors.New("already applied") // the same token came before; what it made is returned beside it
)
