import inspector from 'node:inspector';
import { readFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { openForBenchmark } from './product.mjs';
const folder='/tmp/speed/tree2000';
const files=readdirSync(folder,{recursive:true}).filter(n=>/\.sql$/.test(n));
const s=new inspector.Session();s.connect();
const post=(m,p)=>new Promise((r,j)=>s.post(m,p,(e,x)=>e?j(e):r(x)));
const bench=await openForBenchmark();
await post('Profiler.enable');await post('Profiler.startPreciseCoverage',{callCount:true,detailed:false});
const reviewer=bench.open({files:bench.nodeFilesAtOnce}).createReviewer(folder);
for(const n of files.sort()) await reviewer.review(n);
const {result}=await post('Profiler.takePreciseCoverage');
const out=[];
for(const sc of result){ if(!/product\.cjs/.test(sc.url))continue; const src=readFileSync(sc.url.replace('file://',''),'utf8');const starts=[];let l=1;
 const lineAt=o=>{let n=1;for(let i=0;i<o;i++)if(src.charCodeAt(i)===10)n++;return n;};
 for(const f of sc.functions){const r=f.ranges[0];if(r.count>2000)out.push([r.count,f.functionName,r.startOffset,src]);}
 out.sort((a,b)=>b[0]-a[0]);
 for(const [c,n,o] of out.slice(0,260)) console.log(String(c).padStart(9),n||'('+src.slice(o,o+70).replace(/\s+/g,' ')+')',lineAt(o));
}
await bench.close();
