package storage

import "strings"

// commandClass is what the durable store has to know of a command.
type commandClass int

const (
	classNone  commandClass = iota // not spoken here: it would block, draw lots or read a clock, so that doing it again came to something else
	classTalk                      // about the connection
	classRead                      // changes nothing
	classWrite                     // changes something, the same thing whenever it is done again
	classRun                       // runs a script, which does any of these
)

var commandClasses = func() map[string]commandClass {
	all := make(map[string]commandClass)
	for class, names := range map[commandClass]string{
		classTalk: "PING ECHO HELLO CLIENT QUIT COMMAND SCRIPT",
		classRead: "GET MGET STRLEN GETRANGE EXISTS TYPE TTL PTTL EXPIRETIME PEXPIRETIME KEYS SCAN DBSIZE " +
			"HGET HMGET HGETALL HEXISTS HLEN HKEYS HVALS HSTRLEN HSCAN " +
			"ZCARD ZCOUNT ZRANGE ZRANGEBYSCORE ZREVRANGE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZLEXCOUNT ZRANK ZREVRANK ZSCORE ZMSCORE ZSCAN " +
			"SCARD SISMEMBER SMISMEMBER SMEMBERS SSCAN SINTER SUNION SDIFF LLEN LRANGE LINDEX LPOS",
		classWrite: "SET SETNX SETEX PSETEX GETSET GETDEL MSET MSETNX APPEND SETRANGE INCR INCRBY DECR DECRBY " +
			"DEL UNLINK RENAME RENAMENX EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST " +
			"HSET HSETNX HMSET HDEL HINCRBY " +
			"ZADD ZINCRBY ZREM ZREMRANGEBYSCORE ZREMRANGEBYRANK ZREMRANGEBYLEX ZPOPMIN ZPOPMAX " +
			"SADD SREM SMOVE LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP LREM LSET LTRIM LINSERT FLUSHDB FLUSHALL",
		classRun: "EVAL EVALSHA EVAL_RO EVALSHA_RO",
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = class
		}
	}
	return all
}()
