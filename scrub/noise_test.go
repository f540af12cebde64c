package scrub

import (
	"math/rand/v2"
	"testing"
)

// noise is lines as servers write them. In a pattern, # is a digit, ^ a
// capital, ~ a small letter, ` a hexadecimal digit, ! one in capitals, all
// else stays.
var noise = []string{
	"08#### 2####5 1## INFO dfs.DataNode$PacketResponder: PacketResponder # for block blk_-################### terminating", "08#### 2####5 ## INFO dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.251.#.##:50010 is added to blk_#################### size 6710886#",
	"08#### 2####5 ## INFO dfs.DataNode$DataXceiver: Receiving block blk_-################### src: /10.250.#.#:5#### dest: /10.250.#.#:50010", "Dec 10 0#:55:4# LabSZ sshd[2####]: Failed password for invalid user ~~~~~ from 1##.2##.#.## port 3#### ssh2", "Dec 10 0#:55:4# LabSZ sshd[2####]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=5#.80.3#.196",
	"Dec 10 07:#:46 LabSZ sshd[2####]: Received disconnect from 1##.36.59.76: 11: Bye Bye [preauth]", "[Sun Dec 04 04:#7:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties", "[Sun Dec 04 04:#7:44 2005] [error] [client 2##.1##.1#.#] File does not exist: /var/www/html/~~~~~",
	"17/06/09 20:10:4# INFO executor.Executor: Running task ##.# in stage #.# (TID ###)", "17/06/09 20:10:4# INFO storage.BlockManager: Found block rdd_#_## locally", "17/06/09 20:11:1# INFO storage.MemoryStore: Block broadcast_#_piece# stored as bytes in memory (estimated size ##.# KB, free ###.# MB)", "17/06/09 20:11:1# INFO broadcast.TorrentBroadcast: Reading broadcast variable # took ## ms",
	"Jun 14 15:16:0# combo sshd(pam_unix)[19###]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=2##.1##.2.4", "Jul  1 00:21:2# combo ftpd[2####]: connection from 2##.1##.2.4 (~~~~~.~~~~.com) at Fri Jul 1 00:21:28 2005", "Jun  9 06:06:2# combo kernel: BIOS-e820: ``````````````00 - 00000000000a0000 (reserved)", "Jun  9 06:06:5# combo kernel: PCI: 0000:00:1f.# IRQ ##, pin A",
	"2016-09-28 04:30:3#, Info                  CBS    SQM: Initializing online with Windows opt-in: False", "2016-09-28 04:30:3#, Info  CBS  Read out cached package applicability for package: Package_for_KB#######~31bf3856ad364e35~amd64~~6.1.#.#, ApplicableState: 112, CurrentState:112", "2016-09-29 02:04:4#, Info CBS Session: 3#######_2######### initialized by client WindowsUpdateAgent.", "2016-09-28 04:30:3#, Info CSI 0000000# CSI Store 4####### (0x0```````) initialized",
	"- 1117838570 2005.06.03 R02-M1-N0-C:J12-U## 2005-06-03-15.42.50.###### R02-M1-N0-C:J12-U## RAS KERNEL INFO instruction cache parity error corrected", "- 1117842440 2005.06.03 R23-M0-NE-C:J05-U01 RAS KERNEL INFO ######## double-hummer alignment exceptions", "- 11######## 2005.06.14 R04-M0-NC-I:J18-U01 RAS APP FATAL ciod: failed to read message prefix on control stream (CioStream socket to 172.16.96.###:#####", "- 11######## 2005.06.14 R04 RAS KERNEL INFO generating core.####", "iar 00`````` dear 00``````", "rts panic! - stopping execution r#=0x````````",
	"2015-07-29 17:41:4#,### - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@###] - New election. My id =  #, proposed zxid=0x#0000`````", "2015-07-29 19:04:1#,### - WARN  [SendWorker:18897#######:QuorumCnxManager$SendWorker@688] - Send worker leaving thread", "2015-07-30 - INFO [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:ZooKeeperServer@8##] - Client attempting to establish new session at /10.10.34.##:#####", "Established session 0x14f05578bd8#### with negotiated timeout 10000 for client /10.10.34.##:4####",
	"2015-10-18 18:01:4#,### INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: Created MRAppMaster for application appattempt_1445144423722_00##_000001", "2015-10-18 18:01:5#,### INFO [AsyncDispatcher event handler] org.apache.hadoop.mapreduce.v2.app.job.impl.TaskAttemptImpl: attempt_1445144423722_00##_m_######_0 TaskAttempt Transitioned from NEW to UNASSIGNED", "Recalculating schedule, headroom=<memory:#####, vCores:-##>", "Assigned container container_1445144423722_0020_01_0000## to attempt_1445144423722_0020_m_00000#_0",
	"nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:0#.### 25### INFO nova.osapi_compute.wsgi.server [req-````````-````-````-````-```````````` 113d3a99c3da401fbd62cc2caa5b96d2 54fadb412c4e40cdbaed9335e4c35a9e - - -] 10.11.10.1 \"GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1\" status: 200 len: 18## time: 0.#######", "[instance: ````````-````-````-````-````````````] Total memory: 6#### MB, used: ###.00 MB", "image ````````-````-````-````-```````````` at (/var/lib/nova/instances/_base/````````````````````````````````````````): checking",
	"[10.30 16:49:0#] chrome.exe - proxy.cse.cuhk.edu.hk:5070 close, #### bytes sent, ##### bytes received, lifetime 0#:##", "[10.30 16:49:0#] chrome.exe *64 - ~~~~.~~~~~~.com:443 open through proxy proxy.cse.cuhk.edu.hk:5070 HTTPS",
	"03-17 16:13:3#.###  1702  2### D WindowManager: printFreezingDisplayLogsopening app wtoken = AppWindowToken{9f4ef63 token=Token{a64f992 ActivityRecord{de9231d u0 com.~~~~~~.qt.qtl/.activity.info.NewsDetailXmlActivity t761}}}, allDrawn= false", "03-17 16:13:4#.### 1702 1### I PowerManagerService: acquire lock=1########, flags=0x1, tag=\"RILJ_ACK_WL\", name=com.android.phone, ws=null, uid=1001, pid=2###", "getTodayTotalDetailSteps = 15140########0##6993##548365##8661##12266##2716####", "REPORT : 7007 5002 150089 24###",
	"level=info ts=20##-0#-1#T0#:##:##.###Z caller=main.go:### msg=\"listening\" addr=:9090 commit=```````````````````````````````````````` build=2026031#-0###", "trace_id=```````````````````````````````` span_id=```````````````` dur=##.###ms bytes=######", "GET /api/v1/items/#######?page=##&limit=100 200 ##ms \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1##.0.####.## Safari/537.36\"", "order ###-#######-####### shipped, parcel 1Z^^^###########", "id=!!!!!!!!-!!!!-!!!!-!!!!-!!!!!!!!!!!!", "etag=\"````````````````````````````````\"",
	"pod ~~~~~-``````````-~~~~# restarted # times, image registry.example.com/app@sha256:````````````````````````````````````````````````````````````````", "goroutine ### [running]:\nmain.main()\n\t/src/app/main.go:### +0x```", "\tat com.example.^~~~~~.run(^~~~~~.java:###)", "ULID 01^#^#^#^#^#^#^#^#^#^#^#^#", "ip=10.##.#.### port=##### latency_us=########", "offset=1############## lag=### partition=##", "epoch=17########### ns=17#################",
	"sector ######### queue ####-### slot ##-##-##", "uid=#### gid=#### size=######### mode=100644 inode=########", "version v#.##.#-0.2026031#######-````````````", "MAC ``:``:``:``:``:`` eth0 up", "job #######: state COMPLETED exit 0:0 elapsed 0#:##:##", "memory 0x!!!!!!!!!!!!!!!! heap !!!!!!!!", "sku ^^^-####-^# lot ^####### serial ^^^^####^###", "checksum !!!!!!!! file !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "flight ^^#### seat ##^ gate ^##", "ref ^^^######## order_id=##########",
	"GC(###) Pause Young (Normal) (G1 Evacuation Pause) ###M->##M(####M) #.###ms", "snapshot-2026031#-#### taken in ### s", "2026-03-1# 0#:##:## ### rows, ####### bytes", "zip: adding ~~~~~.txt (deflated ##%)", "insurance job ##### done", "address=10.#.#.# zone=eu-west-1~", "state=~~~~ code=### gender-neutral build ####", "condition: Ready condition=MemoryPressure", "exp backoff ## s", "limit ###### reached by tenant ~~~~-####", "race: limit on 8### goroutines is exceeded", "otp app otp-2#.#.#",
	"GET /users/################/posts/################?page=2", "order ################ shipped", `{"id":################,"rowid":################}`, "position: ################", "seek offset +######## bytes",
	"mobile ````````-````-4```-a```-````````````", "replicaSet=default/patient-`~````~``` need=4", "passport-~~~~~~~##~-##~~~ Running", "phone-2016.0#.1# shards started", "patient at 2025-02-28T06:02:4#.######+02:00", "db: 'mobile' host: '1##.1##.1##.1##'",
	"context.targetingKey=````````-````-4```-a```-````````````", "restore-key: npm-cache-Linux-````````````````````````````````````````````````````````````````", "retrieval rrn ############ auth ^#^#^#", "client_token: hmac-sha256:````````````````````````````````````````````````````````````````",
	"Found matching RSA key: ``:``:``:``:``:``:``:``:``:``:``:``:``:``:``:``", "sid=```````` ````````", "TargetUserSid=S-1-5-21-##########-##########-##########-1###",
}

func noisy(r *rand.Rand, pattern string) string {
	sets := map[byte]string{'#': "0123456789", '^': "ABCDEFGHIJKLMNOPQRSTUVWXYZ", '~': "abcdefghijklmnopqrstuvwxyz", '`': "0123456789abcdef", '!': "0123456789ABCDEF"}
	out := []byte(pattern)
	for i, c := range out {
		if set := sets[c]; set != "" {
			out[i] = set[r.IntN(len(set))]
		}
	}
	return string(out)
}

// TestNoise holds thousands of harmless lines to come out as they went in.
func TestNoise(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	r := rand.New(rand.NewPCG(3, 4))
	for _, pattern := range noise {
		for range 200 {
			line := noisy(r, pattern)
			if got := s.String(line); got != line {
				t.Errorf("changed %q\n     to %q", line, got)
				break
			}
		}
	}
}
