import { it } from 'vitest';
import { EVENTS, HEARTBEAT, SCHEDULE, ONE_OFF, keyOf, toModel, assertSound, type Model } from './explorer.fixture';
import { TASK_STATUSES } from './status';
import { armed, inSeconds, taskState, frozen } from './taskState.fixture';
import { cpuUsage } from 'node:process';
it('t', () => {
 for (const [rules,skip] of [[[HEARTBEAT,SCHEDULE,ONE_OFF],''],[[HEARTBEAT,ONE_OFF],'edit to schedule'],[[HEARTBEAT,ONE_OFF],'']] as const) for (const depth of [3,4,5]) {
  const c0=cpuUsage().user; const t0=performance.now();
  let edge: Model[] = rules.flatMap((rule)=>TASK_STATUSES.filter(s=>s!=='running').map(status=>toModel(taskState({...rule,status,scheduler: status==='scheduled'?armed(inSeconds(60), rule.automationMode??'manual'):{}}))));
  const seen=new Set<string>(); let n=0;
  for(let d=0;d<=depth;d++){const fresh=edge.filter(m=>{const k=keyOf(m);if(seen.has(k))return false;seen.add(k);return true});edge=d<depth?fresh.flatMap(m=>Object.entries(EVENTS).flatMap(([name,s])=>{if(name===skip)return [];n++;const x=s(m);if(x===null)return[];assertSound(x);return [frozen(x)]})):[]}
  console.log(JSON.stringify(rules.map(r=>r.automationMode)),skip,depth,'models',seen.size,'steps',n,'wall',performance.now()-t0,'cpu ms',(cpuUsage().user-c0)/1000);
 }
}, 100000);
