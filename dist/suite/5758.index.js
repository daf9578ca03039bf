export const id=5758;export const ids=[5758];export const modules={74973:(e,t,i)=>{i.r(t),i.d(t,{default:()=>G});var n=i(5371),r=i(56900),a=i(82206);function referenceDetails({changes:e,suites:t,addedNames:i,changedNames:n}){return[...list("Files that are modified or new since the baseline:",e.filter(({kind:e})=>"modified"===e||"added"===e).map(({kind:e,path:t})=>`${e}: ${t}`),20),...folderTable(t),...slowestTable(t),...list("Public names that the baseline does not have:",i,20),...list("Public names that read otherwise than in the baseline:",n,20)].join("\n\n")}function folderTable(e){if(0===e.length)return[];let t=e.slice(0,50).map(({folder:e,counts:t,durationMs:i})=>[shown(e),...[t.collected,t.ran,t.passed,t.failed,t.skipped,t.xfailed].map(String),(0,a.a3)(i)]);return[(0,r.tp)(["tests of","collected","ran","passed","failed","skipped","expected to fail","time"],t),...rest(e.length-50)]}function slowestTable(e){let t=e.flatMap(({folder:e,slowest:t})=>t.map(t=>({...t,folder:e}))).sort((e,t)=>t.durationMs-e.durationMs).slice(0,10);if(0===t.length)return[];let i=t.map(({id:e,folder:t,durationMs:i})=>[shown(e),shown(t),(0,a.a3)(i)]);return[(0,r.tp)(["slowest tests","in","time"],i)]}function list(e,t,i){return 0===t.length?[]:[e,t.slice(0,i).map(e=>`- ${shown(e)}`).join("\n"),...rest(t.length-i)]}function rest(e){return e>0?[`and ${e} more`]:[]}function shown(e){return(0,r.FV)(e.length>200?`${e.slice(0,200)}…`:e)}var s=i(5555),o=i(98558),l=i(51455),d=i(76760),f=i(22229),c=i(18271),u=i(30396),p=i(17985),h=i(72458),m=i(9381);async function readBase(e,{base:t,isMerge:i},n){let r=void 0!==t?await resolve(t,n):i?await firstParentOfMerge(n):void 0;if(void 0===r)return;let a=await (0,s.C)([e.file,c.D].map(e=>fileAt(r,e,n))),o=parsed(()=>(0,f.X)(e.file,a.find(e=>void 0!==e)??"").preserve),l=("broken"in o?e.config.preserve:o).baseline,d=await fileAt(r,l,n);return{commit:r,preserve:o,baseline:void 0===d?void 0:parsed(()=>(0,p.n)(d,`${r.slice(0,7)}:${l}`))}}async function resolve(e,t){let i=await commitOf(e,t);if(void 0!==i)return i;throw new u.j(`base: no commit "${e}" in this clone`,{fix:"check out with a fetch-depth that reaches it"})}async function firstParentOfMerge(e){let[t,i]=await (0,s.C)([commitOf("HEAD^1",e),commitOf("HEAD^2",e)]);return void 0===i?void 0:t}async function commitOf(e,t){let i=await (0,m.gG)(["rev-parse","--verify","--quiet","--end-of-options",`${e}^{commit}`],t);return"string"==typeof i?i.trim():void 0}async function fileAt(e,t,i){let n=await (0,m.gG)(["cat-file","blob",`${e}:./${t}`],i);return"string"==typeof n?n:void 0}function readable(e){return void 0===e||"broken"in e?void 0:e}function parsed(e){try{return e()}catch(e){if(e instanceof u.j)return{broken:e.oneLine};throw e}}function narrowed(e,{preserve:t},i){if("broken"in t)return[];let n=e.config.preserve;return["paths","frozen"].flatMap(r=>t[r].filter(e=>!n[r].some(t=>(0,h.B)(e,t))).filter(e=>!i.excuseHidden(e,"deleted","moved")).map(t=>{let i=(e.place(["preserve",r])??e.place(["preserve"]))?.line;return{id:`base/preserve.${r}/${t}`,title:`${t} stays in preserve.${r}`,verdict:"fail",detail:"this change takes it out",fix:"leave it in, and agree on what has to change with an exception",location:{file:e.file,...void 0===i?{}:{line:i}}}}))}function judgeChange(e,t,i,n){let{kind:r,path:a}=e;if("added"!==r&&("modified"!==r||t.config.preserve.frozen.some(e=>(0,h.B)(a,e)))&&!i(a,"shadowed"===r?"modified":r))return{id:`preserved/${a}`,title:`${a} is kept`,verdict:"fail",detail:`${describe(e)}${n?`, and mesh.baseline does not say so any more (it did in ${n.slice(0,7)})`:""}`,fix:`restore it, or agree on it: preserve.exceptions with change: ${"shadowed"===r?"modified":r}`,location:{file:a}}}function describe(e){switch(e.kind){case"deleted":return"it was deleted";case"moved":return e.to===e.path?"git does not track it any more":`it was moved to ${e.to}`;case"shadowed":return`${e.by} takes its place`;case"emptied":return"no code is left in it";case"modified":return"it is frozen and was changed";case"mode":return`it was ${e.from} and is ${e.now}`;default:return e}}function baselineCheck(e,t){let{baseline:i,paths:n,frozen:r}=e.config.preserve,a={id:"baseline",title:"there is a baseline to hold the reference to"};if(!t)return{...a,verdict:"inconclusive",detail:`there is no ${i}`,fix:"write it and commit it: mesh-actions baseline"};let s=[...n,...r].filter(e=>!t.files.some(({path:t})=>(0,h.B)(t,e)));return s.length>0?{...a,verdict:"inconclusive",detail:`${i} names no file under ${s.join(", ")}`,fix:"write it anew: mesh-actions baseline"}:{...a,verdict:"pass",detail:`${t.files.length} files`}}function preservedChecks(e,t,i){return e.config.preserve.paths.filter(e=>!i.some(({id:t})=>(0,h.B)(t.slice(10),e))).map(e=>{let i=t.filter(({path:t})=>(0,h.B)(t,e)),count=e=>i.filter(t=>t.kind===e).length,n=["modified","added","moved","deleted","emptied","mode"].filter(e=>count(e)>0).map(e=>`${count(e)} ${"mode"===e?"of another mode":e}`);return{id:`preserved/${e}`,title:`${e} is kept`,verdict:"pass",detail:n.length>0?n.join(", "):"nothing has changed"}})}function baseChecks(e,t,i){let n={id:"base",title:"the change does not make the guard smaller"};if(!t)return[{...n,verdict:"skipped",detail:"not checked: the base of the change is not at hand",fix:"check pull requests out with fetch-depth: 2, or name it with the input base"}];let r=t.commit.slice(0,7),a=narrowed(e,t,i),s=[t.baseline,t.preserve].find(e=>void 0!==e&&"broken"in e);if(s&&"broken"in s){let e=`not held against ${r}, where something cannot be read: ${s.broken}`;return[...a,{...n,verdict:"skipped",detail:e}]}if(a.length>0)return a;if(void 0===t.baseline){let t=`${r} has no ${e.config.preserve.baseline}: lines that were dropped were not looked for`;return[{...n,verdict:"skipped",detail:t}]}return[{...n,verdict:"pass",detail:`held against ${r}`}]}var g=i(14006);function readExceptions(e,t,i=[]){let n=e.config.preserve.exceptions.map(e=>covering(e,t)),r=i.map(e=>covering(e,t)),a=new Set,s=new Set,find=(e,t,i)=>e.filter(e=>!e.refused&&i.includes(e.exception.change)&&e.covers(t));return{excuse(e,...t){let i=find(n,e,t);for(let e of i)a.add(e);return i.length>0},excuseHidden(e,...t){let i=find(n,e,t);for(let e of i)s.add(e);return i.length>0||find(r,e,t).length>0},checks:t=>n.map((n,r)=>{let{exception:o,refused:l}=n,d=e.place(["preserve","exceptions",r])?.line,f={id:`exceptions/${r+1}`,title:`the exception for ${o.path} (${o.change}) holds`,location:{file:e.file,...void 0===d?{}:{line:d}}};if(l)return{...f,verdict:"fail",...l};if(a.has(n)){let{reason:e,owner:t,expires:i}=o;return{...f,verdict:"pass",detail:`${e} (${t}, until ${i})`}}if(s.has(n)){let e=i.some(e=>same(e,o));return{...f,verdict:"fail",...e?b:w}}return t||"tests"!==o.change&&"modified"!==o.change?{...f,verdict:"fail",detail:"nothing needs it any more",fix:"take it out"}:{...f,verdict:"skipped",detail:"only a run of the reference could need it"}})}}let b={detail:"the baseline was renewed, so nothing needs it any more",fix:"take it out"},w={detail:"the baseline was renewed in the same change, so nothing would need it once this is merged",fix:"keep the old line of the baseline; renew it and take the exception out after this is merged"};function covering(e,t){let i=d.posix.normalize(e.path).replace(/(?<=.)\/$/,""),n=g(e.path,{dot:!0,nonegate:!0});return{exception:e,refused:refusal(e,t),covers:e=>e===i||e.startsWith(`${i}/`)||n(e)}}function same(e,t){return e.path===t.path&&e.change===t.change}function refusal({expires:e},t){let i=(Date.parse(e)-Date.parse(t.toISOString().slice(0,10)))/864e5;if(i<0)return{detail:`it expired on ${e}`,fix:"undo the change, or agree on it anew"};if(i>90){let i=new Date(t.getTime()+7776e6).toISOString().slice(0,10);return{detail:`it expires on ${e}, more than 90 days ahead`,fix:`let it expire by ${i}`}}}var v=i(89069),y=i(52690);async function leavingLinks(e,t){return(await Promise.all(t.filter(({mode:e})=>e===y._e).map(async({path:t})=>{if(void 0===(0,v.L)(e.directory,t))return{id:`preserved/${t}`,title:`${t} is kept`,verdict:"fail",detail:`a symbolic link to ${await (0,l.readlink)((0,d.join)(e.directory,t))}, which leaves the project`,location:{file:t}}}))).filter(e=>void 0!==e)}var k=i(5545),$=i(99573);let _={id:"tests-kept",title:"no test of the reference was deleted or switched off"};function testsKept(e,t,i){let n=new Map(t.map(e=>[e.id,e])),r=new Set(e.map(({id:e})=>e)),a=e.filter(e=>!e.skipped).map(({id:e})=>({id:e,how:n.has(e)?"skipped":"deleted"})).filter(({id:e,how:t})=>"deleted"===t||n.get(e)?.skipped),s=a.filter(({id:e})=>!i.excuse(fileOf(e),"tests","deleted","moved")),o=t.filter(e=>!e.skipped&&!r.has(e.id)).length,l=e.filter(e=>e.skipped&&n.get(e.id)?.skipped===!1).length,[d,f]=[e.filter(e=>!e.skipped).length,t.filter(e=>!e.skipped).length],c={value:f,unit:"count"};if(0===d&&0===f)return{..._,verdict:"skipped",detail:"there are none"};let u=names(a);if(s.length>o+l){let[e]=s;return{..._,verdict:"fail",detail:`${f} of ${d} are left: ${names(s)}`,fix:"bring them back, or agree on it: preserve.exceptions with change: tests",measured:c,limit:{kind:"at-least",value:d,unit:"count"},...e?{location:{file:fileOf(e.id)}}:{}}}return{..._,verdict:"pass",detail:a.length>0?`${f} of ${d}; ${u}`:`${f}`,measured:c}}function names(e){return[...e.slice(0,2).map(({id:e,how:t})=>`${e} was ${t}`),...e.length>2?[`${e.length-2} more`]:[]].join(", ")}function fileOf(e){return e.slice(0,e.indexOf("::"))}async function guard(e,t,i){let n={directory:e.directory,signal:i.signal},[r,a,o]=await (0,s.C)([(0,y.Zc)(n),readBase(e,t,n),(0,$.mF)(e)]),l=readable(a?.baseline),d=readable(a?.preserve),f=readExceptions(e,i.now(),d?.exceptions),c=(await missingFolders(e)).filter(e=>!f.excuse(e,"deleted","moved")),u=(0,k.f)(e.config.preserve),[p=[],m=[]]=await (0,s.C)([o,l].map(e=>e?changesSince(e,u,r,n):[])),g=new Map,take=e=>{let t=e&&c.some(t=>(0,h.B)(e.location?.file??"",t));!e||t||g.has(e.id)||g.set(e.id,e)};for(let t of p)take(judgeChange(t,e,f.excuse,void 0));let b=new Set(p.map(e=>JSON.stringify(e))),w=m.filter(e=>!b.has(JSON.stringify(e)));for(let t of w)take(judgeChange(t,e,f.excuseHidden,a?.commit));let v=(0,$.hG)(r.files.values(),[...u,...d?(0,k.f)(d):[]]),_=[...c.map(missingCheck),...g.values(),...await leavingLinks(e,v)],x=[o,l].filter(e=>void 0!==e),S=c.length>0?[]:await (0,$.iv)(v,n);return{checks:[..._.slice(0,j),...more(_.length-j),baselineCheck(e,o),...o?preservedChecks(e,p,_):[],...c.length>0?[]:worstOf(x.map(e=>testsKept(e.tests,S,f))),...baseChecks(e,a,f)],complete:0===c.length,changes:[...p,...w],baselines:x,exceptions:f}}function worstOf(e){return e.filter(({verdict:e})=>"fail"===e).concat(e).slice(0,1)}let j=50;function more(e){return e<=0?[]:[{id:"preserved-more",title:"and the rest is kept",verdict:"fail",detail:`${e} more are not`}]}async function missingFolders({config:e,resolve:t}){let{preserve:i,python:n}=e,r=[...new Set([...i.paths,...n.packages,...i.frozen].map(e=>d.posix.normalize(e)))],a=await (0,s.C)(r.map(e=>(0,l.stat)(t(e)).catch(()=>void 0))),o=r.filter((e,t)=>!a[t]);return o.filter(e=>!o.some(t=>t!==e&&(0,h.B)(e,t)))}function missingCheck(e){return{id:`preserved/${e}`,title:`${e} is there`,verdict:"fail",detail:"the whole of it is gone",fix:"restore it",location:{file:e}}}async function changesSince(e,t,i,n){let r=new Set(e.withoutCode),a=e.files.filter(({path:e,blob:t})=>{let n=i.files.get(e);return n&&n.blob!==t&&n.mode.startsWith("100")&&!r.has(e)}),s=await (0,$.MK)(a,n),o=e.files.some(({path:e})=>!i.files.has(e))?await (0,y.OR)(i.untracked,n):new Map;return(0,h.U)({baseline:e.files,files:i.files,paths:t,untracked:o,emptied:new Set(s)})}var x=i(8599);function compareSurface(e,t){let i=new Map(t.flatMap(e=>{let t=(0,x.u)(e.text);return t?[[t.name,{...e,signature:t}]]:[]})),n=e.flatMap(e=>{let t=(0,x.u)(e);return t?[{line:e,signature:t}]:[]}),r=new Set(n.map(({signature:e})=>e.name).filter(e=>!i.has(e))),a=n.flatMap(({signature:e})=>{let t=i.get(e.name);if(!t)return removal(e,r,i);let n=difference(e,t.signature);return void 0===n?[]:[{name:e.name,detail:n,file:t.file,line:t.line}]}),s=e.length-n.length,o=new Map(n.map(({line:e,signature:t})=>[t.name,e]));return{checks:a.length>0||s>0?[...unreadable(e),...joined(a).map(lossCheck)]:[passed(n.length)],added:t.map(({text:e})=>e).filter(e=>!o.has(nameIn(e))),changed:t.map(({text:e})=>e).filter(e=>(o.get(nameIn(e))??e)!==e).filter(e=>!a.some(({name:t})=>t===nameIn(e)))}}function nameIn(e){return(0,x.u)(e)?.name??e}let S="The public names are those of the baseline";function passed(e){return 0===e?{id:"surface",title:S,verdict:"inconclusive",detail:"the baseline has no public names"}:{id:"surface",title:S,verdict:"pass",detail:`${e} names`}}function unreadable(e){let t=e.find(e=>void 0===(0,x.u)(e));return void 0===t?[]:[{id:"surface",title:S,verdict:"fail",detail:`the baseline's "${t.slice(0,100)}" is no public name`}]}function lossCheck({name:e,detail:t,file:i,line:n}){return{id:`surface/${e}`,title:`${e} is as in the baseline`,verdict:"fail",detail:t,...void 0===i?{}:{location:{file:i,...void 0===n?{}:{line:n}}}}}function removal({name:e,kind:t},i,n){if("command"===t)return[{name:e,detail:`the ${e} is gone`,file:void 0,line:void 0}];let r=ancestors(e);if(r.some(e=>i.has(e)))return[];let a=[...i].filter(t=>t.startsWith(`${e}.`)).length,s=r.map(e=>n.get(e)).find(e=>void 0!==e),o=a>0?`, with ${a} public ${1===a?"name":"names"} in it`:"",l=`the ${t} ${e} is gone${o}`;return[{name:e,detail:l,file:s?.file,line:s?.line}]}function ancestors(e){let t=e.split(".");return t.slice(1).map((e,i)=>t.slice(0,t.length-1-i).join("."))}function difference(e,t){if(e.kind!==t.kind){var i,n;return`${i=e.kind,`a ${i}`} has become ${n=t.kind,`a ${n}`}`}let marks=e=>e.filter(e=>"property"!==e).join(", ");return marks(e.labels)!==marks(t.labels)?`it was ${marks(e.labels)||"a plain function"} and is ${marks(t.labels)||"a plain function"}`:e.target!==t.target?`it called ${e.target} and calls ${t.target}`:e.parameters&&t.parameters?parameterDifference(e.parameters,t.parameters):void 0}function parameterDifference(e,t){let found=e=>t.find(t=>t.name===e);for(let i of e){let e=found(i.name);if(!(("*args"===i.kind||"**kwargs"===i.kind)&&t.some(e=>e.kind===i.kind))){if(!e)return`parameter ${i.name} is gone`;if(e.kind!==i.kind)return`parameter ${i.name} was ${i.kind} and is ${e.kind}`;if(void 0!==i.default&&i.default!==e.default)return void 0===e.default?`parameter ${i.name} has lost its default ${i.default}`:`the default of parameter ${i.name} was ${i.default} and is ${e.default}`}}let i=t.find(({name:t,kind:i,default:n})=>void 0===n&&!i.includes("*")&&!e.some(e=>e.name===t));if(i)return`the new parameter ${i.name} has no default`;let positions=e=>e.filter(({kind:e})=>e.startsWith("positional")).map(({name:e})=>e),n=positions(t),r=positions(e).findIndex((e,t)=>n[t]!==e);return r<0?void 0:`parameter ${positions(e)[r]} was number ${r+1}, where ${n[r]} is now`}function joined(e){let t=new Map;for(let i of e){let e=`${i.file}:${i.line}: ${i.detail}`;t.set(e,[...t.get(e)??[],i])}return[...t.values()].flatMap(([e,...t])=>e?0===t.length?[e]:[{...e,detail:`${e.detail} (also as ${t.map(({name:e})=>e).join(", ")})`}]:[])}function keptSurface(e,t,i){let n={id:"surface",title:"The public names are those of the baseline"};if("failure"in e)return{checks:[{...n,verdict:"inconclusive",detail:e.failure}],added:[],changed:[]};if(0===t.length)return{checks:[{...n,verdict:"inconclusive",detail:"there is no baseline"}],added:[],changed:[]};let r=[...new Set(t.flatMap(({surface:e})=>e))],{checks:a,added:s,changed:o}=compareSurface(r,e.names),l=t.flatMap(e=>e.files.map(({path:e})=>e)),d=a.map(e=>"fail"!==e.verdict?e:[...homesOf(e.id.slice(8),r,l),e.location?.file].filter(e=>void 0!==e).some(e=>i.excuse(e,"modified","deleted","moved","emptied"))?{...e,verdict:"skipped",detail:`${e.detail}, as was agreed on`}:e);return{checks:d.every(({verdict:e})=>"skipped"===e)?[agreed(d)]:d,added:s,changed:o}}function agreed(e){let t=e.map(({id:e})=>e.slice(8)).join(", ");return{id:"surface",title:"The public names are those of the baseline",verdict:"pass",detail:`but for what was agreed on: ${t}`}}function homesOf(e,t,i){let n=t.flatMap(t=>{let i=(0,x.u)(t);return i?.name===e?i.target?.split(":",1)??[]:[]});if(0===n.length)return[homeOf(e,i)];let r=n.map(e=>homeOf(e,i));return i.filter(e=>"pyproject.toml"===d.posix.basename(e)&&r.some(t=>void 0!==t&&(0,h.B)(t,d.posix.dirname(e))))}function homeOf(e,t){let i=e.split(".");for(let e=i.length;e>0;e--){let n=i.slice(0,e).join("/"),r=t.find(e=>e.endsWith(`/${n}.py`)||e.endsWith(`/${n}/__init__.py`));if(void 0!==r)return r}}var E=i(22594),T=i(46995),O=i(1107);let M=`
import importlib.metadata as metadata, importlib.util, json, sys
def is_there(name, modules):
    try:
        return metadata.distribution(name) is not None
    except metadata.PackageNotFoundError:
        return any(importlib.util.find_spec(module) for module in modules)
print(json.dumps([name for name, modules in json.loads(sys.argv[1]) if not is_there(name, modules)]))
`;async function absenceOf(e,t){let i=(await (0,O.Q)(e)).flatMap(({name:e,modules:t})=>void 0===e?[]:[[e,[...new Set(t.map(e=>e.name.split(".")[0]))]]]);if(0===i.length)return;let n=await (0,E.kA)([await (0,T.L)(t),"-I","-B","-c",M,JSON.stringify(i)],t);if(!("failure"in n))return absent(JSON.parse(n.stdout))}function absent(e){if(0===e.length)return;let t=1===e.length?"is":"are";return{verdict:"inconclusive",detail:`${e.join(" and ")} ${t} not installed in the environment of the python on PATH`,fix:"run setup-mesh-toolchain first"}}var N=i(73024),I=i(13827),C=i(12692),A=i(68374);let R=`
import json, os, sys
standard = getattr(sys, "stdlib_module_names", None) or sys.builtin_module_names
found = []
for folder in sys.argv[1:]:
    for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        init = os.path.join(folder, entry, "__init__.py")
        if entry.endswith(".py") and entry[:-3] in standard:
            found.append({"module": entry[:-3], "file": os.path.join(folder, entry)})
        elif entry in standard and os.path.isfile(init):
            found.append({"module": entry, "file": init})
print(json.dumps(found))
`;async function shadowsIn(e,t,i){let n=await (0,E.kA)([t,"-I","-B","-c",R,...e],i);return"failure"in n?[]:JSON.parse(n.stdout)}function blamedIn(e,t){return t.find(({module:t,file:i})=>e.some(e=>e.includes(i)||RegExp(`module ['"]${t}['"]|from ['"]${t}['"]`).test(e)))}function tracebackIn(e,t){let i=e.findLastIndex(e=>"Traceback (most recent call last):"===e.trim());if(i<0)return;let n=e.slice(i+1),r=n.findIndex(e=>/^\S/.test(e)),a=(r<0?n:n.slice(0,r)).flatMap(e=>{let[,i,n]=/^\s+File "(.+?)", line (\d+)/.exec(e)??[],r=void 0===i?void 0:(0,A.n)(t,i);return void 0===r||r.includes("site-packages/")?[]:[{file:r,line:Number(n)}]});return{said:(r<0?"":n[r])??"",file:a.at(-1)?.file,line:a.at(-1)?.line}}let F="win32"===process.platform;async function checkCommands(e,t,{timeoutMs:i,absence:n}){let r=await (0,T.L)(t),a=[];for(let s of declared(e,r))a.push(n?{...s.check,...n}:await checkCommand(e,r,s,t,i));for(let s of(await (0,O.Q)(e))){if(void 0!==s.broken){let e=d.posix.join(s.path,"pyproject.toml");a.push({...named(e,`The commands of ${e}`),verdict:"fail",detail:`it cannot be read: ${s.broken}`,location:{file:e}})}for(let o of s.scripts)a.push(n?{...helped(o.name),...n}:await checkScript(e,r,o.name,s.path,t,i))}return a}function declared(e,t){return e.config.python.commands.map((i,n)=>({check:named(i.join(" "),`${i.join(" ")} works`),argv:i.map((i,r)=>0===r&&/^python3?$/.test(i)?t:i.replace(/\{([A-Za-z][A-Za-z-]*)\}/g,(i,a)=>{if("python"===a)return t;throw new u.j(`python.commands: ${i} stands for nothing in this stage`,{place:e.place(["python","commands",n,r])})}))}))}function named(e,t){return{id:`commands/${e}`,title:t}}function helped(e){return named(e,`${e} --help works`)}async function checkScript(e,t,i,n,r,a){let s=(0,d.join)((0,d.dirname)(t),F?`${i}.exe`:i),o=helped(i);return(0,N.existsSync)(s)?checkCommand(e,t,{check:o,argv:[s,"--help"]},r,a):{...o,verdict:"inconclusive",detail:`${n}/pyproject.toml declares it, and the environment of the python on PATH does not have it`,fix:"run setup-mesh-toolchain first"}}async function checkCommand(e,t,{check:i,argv:n},r,s){let o;try{o=await r.log.task(i.title,t=>runCommand(n,e,r,s,t))}catch(e){if(!(e instanceof u.j))throw e;return{...i,verdict:"fail",detail:e.message}}let{outcome:l,stdout:d,stderr:f}=o,c=faultIn(l,d,f,e);if(void 0===c)return{...i,verdict:"pass",detail:`exit code 0 in ${(0,a.a3)(l.durationMs)}`};let p=blamedIn([...f,...d],await shadowsIn(foldersOf(n,e),t,r));if(!p)return{...i,verdict:"fail",...c};let{location:h}=(0,A.z)(e,p.file);return{...i,verdict:"fail",detail:`${h?.file??p.file} shadows Python's own ${p.module}: ${c.detail}`,fix:`give ${h?.file??p.file} another name`,...h?{location:h}:{}}}async function runCommand(e,t,i,n,r){let a=[],s=await (0,E.qI)(e,i,{cwd:t.directory,timeoutMs:n,stdout:"capture",env:{...(0,T.h)(i),PYTHONWARNINGS:void 0},output:e=>{a.push(e.startsWith(I.n)?e.slice(I.n.length):e),a.length>2e3&&a.shift(),r(e)}}),o=s.stdout.split(/\r?\n/);for(let e of o)""!==e&&r((0,I.$)(e));return{outcome:s,stdout:o,stderr:a}}function faultIn(e,t,i,n){let r=tracebackIn(i,n)??tracebackIn(t,n),a=r?(0,A.z)(n,r.file,r.line):{},s=r?`: ${r.said}`:"";if("timed-out"===e.ended)return{detail:(0,C.K1)(e),...a};if("exited"!==e.ended||0!==e.code)return{detail:r?`${(0,C.K1)(e)}${s}`:(0,E.g5)(e),...a};if(r)return{detail:`it prints a traceback, though it ends with exit code 0${s}`,...a};let o=i.find(e=>e.includes("was never awaited"));if(void 0!==o)return neverAwaited(o,n);if(t.every(e=>""===e.trim())){let e=i.some(e=>""!==e.trim())?" on stdout":"";return{detail:`it prints nothing${e}`}}}function neverAwaited(e,t){let[,i,n,r]=/^(.+?):(\d+): \w+Warning: (.*)$/.exec(e)??[];return{detail:r??e.trim(),...(0,A.z)(t,i,n?Number(n):null)}}function foldersOf(e,{directory:t}){let i=e.slice(1).find(e=>!e.startsWith("-"));return e.includes("-m")||e.includes("-c")||!i?.endsWith(".py")?[t]:[(0,d.dirname)((0,d.resolve)(t,i))]}let U=`
import sys
STARTED = frozenset(sys.modules)
import ast, faulthandler, gc, importlib, importlib.metadata as metadata, json, os, re, signal, subprocess
import tempfile, threading, time, traceback, warnings

STANDARD = getattr(sys, "stdlib_module_names", frozenset(sys.builtin_module_names) | STARTED)


def inside(file, folder):
    return file == folder or file.startswith(folder + os.sep)


def own_frame(file):
    return inside(file, REQUEST["directory"]) and "site-packages" not in file.split(os.sep)


def place_of(error):
    if isinstance(error, SyntaxError) and error.filename and own_frame(os.path.realpath(error.filename)):
        return {"file": os.path.realpath(error.filename), "line": error.lineno}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename != __file__ and own_frame(os.path.realpath(frame.filename)):
            return {"file": os.path.realpath(frame.filename), "line": frame.lineno}
    return {}


def shadow_of(error, shadowed):
    files = {os.path.realpath(frame.filename) for frame in traceback.extract_tb(error.__traceback__)}
    for name, path in shadowed.items():
        module = sys.modules.get(name)
        real = os.path.realpath(path)
        if real in files or module is not None and os.path.realpath(getattr(module, "__file__", None) or "") == real:
            return {"name": name, "file": path}
    return None


def is_installed(top):
    name = REQUEST["own"].get(top)
    try:
        return name is None or metadata.distribution(name) is not None
    except metadata.PackageNotFoundError:
        return False


def is_own(top):
    return top in REQUEST["own"] or top in STANDARD or os.path.lexists(os.path.join(REQUEST["directory"], top))


def described(error, job):
    said = traceback.format_exception_only(type(error), error)[-1].strip()
    result = {"said": " ".join(said.split()), "trace": traceback.format_exc()}
    if isinstance(error, SystemExit):
        return {**result, "status": "exited", "said": repr(error.code), **place_of(error)}
    missing = (getattr(error, "name", None) or "").partition(".")[0] if isinstance(error, ImportError) else ""
    if isinstance(error, ModuleNotFoundError) and missing in REQUEST["own"] and not is_installed(missing):
        return {**result, "status": "absent", "said": REQUEST["own"][missing]}
    # Of a package that is not installed, what it requires is not either.
    if isinstance(error, ImportError) and not is_own(missing) and not is_installed(job["top"]):
        return {**result, "status": "absent", "said": REQUEST["own"][job["top"]]}
    return {**result, "status": "raised", "shadow": shadow_of(error, job["shadows"]), **place_of(error)}


def attempt(job):
    """Imports one module in this process."""
    # Bytecode of the project goes where the next attempt finds it, and not into the tree.
    sys.pycache_prefix = os.path.join(os.path.dirname(job["result"]), "bytecode")
    faulthandler.enable()
    faulthandler.dump_traceback_later(REQUEST["limit"] * 0.9)
    sys.argv[:] = ["-c"]
    if job["repository"]:
        os.chdir(REQUEST["directory"])
        sys.path.insert(0, REQUEST["directory"])
        # An interpreter that began in this folder would have found these.
        for name in list(sys.modules):
            if name.partition(".")[0] in job["shadows"] and name not in STARTED:
                del sys.modules[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            importlib.import_module(job["name"])
            result = {"status": "ok"}
        except BaseException as error:
            result = described(error, job)
    if result["status"] == "ok":
        file = os.path.realpath(getattr(sys.modules[job["name"]], "__file__", None) or job["file"])
        if file != os.path.realpath(job["file"]):
            result = {"status": "elsewhere", "said": file}
    result["warnings"] = [
        {"said": one.category.__name__ + ": " + " ".join(str(one.message).split()), "file": os.path.realpath(one.filename), "line": one.lineno}
        for one in caught
    ]
    result["threads"] = [one.name for one in threading.enumerate() if one is not threading.main_thread()]
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    with open(job["result"], "w", encoding="utf-8", errors="replace") as file:
        json.dump(result, file)
`,z=String.raw`${U}
MOST_HANGING = 3
MOST_CAUSES = 2
KEPT_OUTPUT = 20_000


def shadows():
    """Names of the standard library that a file in the project's folder takes, by name."""
    found = {}
    for entry in os.listdir(REQUEST["directory"]):
        path = os.path.join(REQUEST["directory"], entry)
        name = entry[:-3] if entry.endswith(".py") else entry
        if name in STANDARD and (entry.endswith(".py") or os.path.isfile(os.path.join(path, "__init__.py"))):
            found[name] = path if entry.endswith(".py") else os.path.join(path, "__init__.py")
    return found


def unconditional(tree):
    for node in tree:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
        elif isinstance(node, (ast.ClassDef, ast.With)):
            yield from unconditional(node.body)


def third_party():
    """What the modules import at once, and neither the project nor Python brings."""
    found = set()
    for job in REQUEST["jobs"]:
        try:
            with open(job["file"], "rb") as file:
                found.update(unconditional(ast.parse(file.read()).body))
        except (OSError, SyntaxError, ValueError):
            pass
    in_project = {entry.partition(".")[0] for entry in os.listdir(REQUEST["directory"])}
    taken = set(REQUEST["own"]) | set(STANDARD) | in_project
    return sorted(name for name in found if name.partition(".")[0] not in taken)


def preload():
    """Whether what was imported leaves a process that can be forked."""
    signal.setitimer(signal.ITIMER_REAL, REQUEST["limit"])
    for name in third_party():
        try:
            importlib.import_module(name)
        except BaseException:
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    tasks = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    is_clean = not any(name.partition(".")[0] in REQUEST["own"] for name in sys.modules)
    return is_clean and max(threading.active_count(), tasks) == 1


class Fork:
    def __init__(self, job):
        self.pid = os.fork()
        if self.pid == 0:
            try:
                output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(output, 1)
                os.dup2(output, 2)
                attempt(job)
            finally:
                os._exit(0)

    def poll(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


class Fresh:
    def __init__(self, job):
        with open(job["result"] + ".job", "w", encoding="utf-8") as file:
            json.dump(job, file)
        argv = [sys.executable, "-I", __file__, request_file, "--one", job["result"] + ".job"]
        with open(job["output"], "wb") as output:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.poll, self.kill = self.process.poll, self.process.kill


def text_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(KEPT_OUTPUT)
    except FileNotFoundError:
        return ""


def outcome(job, code, is_hung):
    output = text_of(job["output"])
    try:
        with open(job["result"], encoding="utf-8") as file:
            result = json.load(file)
    except (FileNotFoundError, ValueError):
        # Both end with a stack, the last call first.
        frames = re.findall(r'^  File "(.+?)", line (\d+)', output, re.M)
        own = [(file, int(line)) for file, line in frames if own_frame(os.path.realpath(file))]
        place = {"file": own[0][0], "line": own[0][1]} if own else {}
        output = re.split(r"^(?:Timeout \(|Fatal Python error|Thread 0x|Current thread )", output, flags=re.M)[0]
        said = "" if is_hung else "exit code %d" % code if code >= 0 else "ended by " + signal.Signals(-code).name
        result = {"status": "hung" if is_hung else "died", "said": said, "trace": text_of(job["output"]), **place}
    finally:
        for path in (job["result"], job["output"], job["result"] + ".job"):
            if os.path.exists(path):
                os.unlink(path)
    return {"warnings": [], "threads": [], **result, "output": output.strip(), "name": job["name"], "key": job["key"]}


def side_by_side(jobs, kind):
    """The outcome of each job, in their order; those that were not tried after too many that hang have none."""
    waiting, running, done = list(jobs), [], {}
    while waiting or running:
        hanging = sum(one["status"] == "hung" for one in done.values())
        if hanging >= MOST_HANGING:
            waiting.clear()
        while waiting and len(running) < max(2, os.cpu_count() or 1):
            job = waiting.pop(0)
            running.append((job, kind(job), time.monotonic() + REQUEST["limit"]))
        for entry in list(running):
            job, process, deadline = entry
            code = process.poll()
            if code is None and time.monotonic() > deadline:
                process.kill()
                while process.poll() is None:
                    time.sleep(0.002)
                done[job["result"]] = outcome(job, 0, True)
                running.remove(entry)
            elif code is not None:
                done[job["result"]] = outcome(job, code, False)
                running.remove(entry)
        time.sleep(0.001)
    return [done.get(job["result"]) for job in jobs]


def confirmed(jobs, results):
    """Tries what failed again in a fresh process: some of each check, and all of it where those are well."""
    final = {job["result"]: result for job, result in zip(jobs, results)}
    failed, some = {}, []
    for job, result in zip(jobs, results):
        if result and result["status"] not in ("ok", "elsewhere", "absent"):
            failed.setdefault(job["key"], {}).setdefault((result["status"], result["said"]), []).append(job)
    for causes in failed.values():
        some.extend([group[0] for group in causes.values()][:MOST_CAUSES])
    retry(some, final)
    red = {job["key"] for job in some if final[job["result"]]["status"] != "ok"}
    doubtful = [job for key, causes in failed.items() if key not in red for group in causes.values() for job in group]
    retry([job for job in doubtful if job not in some], final)
    return [final[job["result"]] for job in jobs]


def retry(jobs, final):
    for job, result in zip(jobs, side_by_side(jobs, Fresh)):
        final[job["result"]] = result or final[job["result"]]


def compiled(job):
    result = {"status": "ok", "warnings": [], "threads": [], "output": "", "name": job["name"], "key": job["key"]}
    try:
        with open(job["file"], "rb") as file:
            compile(file.read(), job["file"], "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        result.update(status="raised", said=type(error).__name__ + ": " + str(error), file=job["file"], line=getattr(error, "lineno", None))
    return result


request_file, answer_file = sys.argv[1:3]
with open(request_file, encoding="utf-8") as file:
    REQUEST = json.load(file)
REQUEST["directory"] = os.path.realpath(REQUEST["directory"])
if answer_file == "--one":
    with open(sys.argv[3], encoding="utf-8") as file:
        attempt(json.load(file))
    os._exit(0)

forks = hasattr(os, "fork")
if forks and "--plain" not in sys.argv and not preload():
    os.execv(sys.executable, [sys.executable, "-I", __file__, *sys.argv[1:], "--plain"])
gc.freeze()
jobs, results = [], []
with tempfile.TemporaryDirectory(dir=os.path.dirname(answer_file)) as folder:
    for number, job in enumerate(REQUEST["jobs"]):
        job["result"] = os.path.join(folder, "%d.json" % number)
        job["output"] = os.path.join(folder, "%d.txt" % number)
        job["shadows"] = shadows() if job["repository"] else {}
        if job["compile"]:
            results.append(compiled(job))
        else:
            jobs.append(job)
    results.extend(confirmed(jobs, side_by_side(jobs, Fork if forks else Fresh)))
for one in results:
    if one and (one["output"] or one["status"] != "ok" or one["warnings"]):
        print(one["name"] + ": " + one["status"], one["output"], one.get("trace") or "", sep="\n")
        for warning in one["warnings"]:
            print("%(file)s:%(line)s: %(said)s" % warning)
with open(answer_file + ".new", "w", encoding="utf-8") as file:
    json.dump([one for one in results if one], file)
os.replace(answer_file + ".new", answer_file)
sys.stdout.flush()
os._exit(0)
`;async function checkImports(e,t,{moduleMs:i=2e4}={}){let n=(await (0,O.Q)(e)).flatMap(questionsOf),r=n.filter(({prefix:e,layout:t})=>isImportable(e)&&t.modules.length>0),a=await importAll(e,t,r,i);return n.map(t=>{let i={id:t.id,title:t.title};if(!t.layout.isThere)return{...i,verdict:"fail",detail:`there is no folder ${t.layout.path}`};if(0===t.layout.modules.length)return{...i,verdict:"fail",detail:`there is no module in ${t.layout.root}`};if(!isImportable(t.prefix))return{...i,verdict:"skipped",detail:`${t.layout.root} is no import path`};if("failure"in a)return{...i,verdict:"inconclusive",detail:a.failure};let n=a.results.filter(({key:e})=>e===t.id);return{...i,...judged(e,t,n,a.durationMs)}})}function questionsOf(e){let{path:t}=e;return[{id:`imports/${t}`,title:`${t} can be imported`,layout:e,prefix:""},{id:`imports/${t}/as-in-repository`,title:`${t} can be imported from the repository's folder`,layout:e,prefix:`${e.root.split("/").join(".")}.`}]}function isImportable(e){return""===e||e.slice(0,-1).split(".").every(O._)}async function importAll(e,t,i,n){if(0===i.length)return{results:[],durationMs:0};let r=await (0,T.L)(t),a=await (0,l.mkdtemp)((0,d.join)(t.temporary,"imports-")),[s,o,f]=["script.py","request.json","answer.json"].map(e=>(0,d.join)(a,e));try{return await (0,l.writeFile)(s,z),await (0,l.writeFile)(o,JSON.stringify(requestOf(e,i,n))),await t.log.task("Import every module of the reference",async e=>{let attempt=async(...i)=>{let d=await (0,E.qI)([r,"-I",s,o,f,...i],t,{cwd:a,timeoutMs:Math.max(3e5,10*n),output:e}),c=await (0,l.readFile)(f,"utf8").catch(imports_absent);return void 0===c?{failure:`cannot ask ${r}: ${(0,E.g5)(d)}`}:{results:JSON.parse(c),durationMs:d.durationMs}},i=await attempt();return"failure"in i?await attempt("--plain"):i})}finally{await (0,l.rm)(a,{recursive:!0,force:!0})}}function requestOf(e,t,i){let n=[...new Set(t.map(({layout:e})=>e))];return{directory:e.directory,limit:i/1e3,own:Object.fromEntries(n.flatMap(({modules:e,name:t})=>e.map(e=>[e.name.split(".")[0],t??null]))),jobs:t.flatMap(({id:t,layout:i,prefix:n})=>i.modules.map(({name:i,file:r})=>({key:t,name:n+i,file:(0,d.join)(e.directory,r),top:i.split(".")[0],repository:""!==n,compile:"__main__"===i.split(".").at(-1)})))}}function judged(e,{layout:t,prefix:i},n,r){let[s]=[...twins(t),...n.flatMap(n=>hiddenBy(e,t,i,n))];if(s)return{verdict:"fail",detail:`${s.by} takes the place of ${s.file}, which is not imported any more`,fix:`remove ${s.by}, or give it another name`,location:{file:s.by}};let o=grouped(n.filter(({status:e})=>["raised","exited","died","hung"].includes(e))),[l]=o;if(l){let t=o.slice(0,3).map(t=>cause(e,t)),i=o.length>3?`; and ${o.length-3} more`:"",[{shadow:n,file:r,line:a}]=l;return{verdict:"fail",detail:`${t.join("; ")}${i}`,...n?{fix:`give ${(0,A.n)(e,n.file)} another name`}:{},...n?(0,A.z)(e,n.file):(0,A.z)(e,r,a)}}let d=absent(n.filter(({status:e})=>"absent"===e).flatMap(({said:e})=>e??[]).slice(0,1));if(d)return d;let f=n.find(({status:e})=>"elsewhere"===e);return f?{verdict:"inconclusive",detail:`${f.name} is imported from ${f.said}, not from ${t.path}`,fix:"install the package editable, as setup-mesh-toolchain does"}:n.length<t.modules.length?{verdict:"inconclusive",detail:"not every module was tried"}:{verdict:"pass",detail:[`${n.length} modules in ${(0,a.a3)(r)}`,...noted(e,n)].join("; ")}}function twins({modules:e}){let t=new Map(e.filter(({file:e})=>e.endsWith("/__init__.py")).map(e=>[e.name,e]));return e.flatMap(({name:e,file:i})=>{let n=t.get(e)?.file??i;return n===i?[]:[{file:i,by:n}]})}function hiddenBy(e,t,i,{name:n,status:r,said:a}){let s="elsewhere"===r&&void 0!==a?(0,A.n)(e,a):void 0;return void 0===s?[]:t.modules.filter(e=>i+e.name===n&&e.file!==s).filter(({file:e})=>s.startsWith(e.slice(0,-2))).map(({file:e})=>({file:e,by:s}))}function grouped(e){let t=new Map;for(let i of e){let e=JSON.stringify([i.status,i.said]),n=t.get(e);t.set(e,n?[...n,i]:[i])}return[...t.values()]}function cause(e,[t,...i]){let n=i.length>0?` (as ${i.length} others)`:"";return`importing ${t.name}${n} ${ending(e,t)}`}function ending(e,{status:t,said:i,shadow:n}){switch(t){case"raised":return n?`fails, as ${(0,A.n)(e,n.file)} shadows Python's own ${n.name}: ${i}`:`fails: ${i}`;case"exited":return`ends the interpreter: it calls sys.exit(${"None"===i?"":i})`;case"died":return`ends the interpreter: ${i}`;case"hung":return"does not come back";default:return t}}function noted(e,t){let i=[...new Set(t.flatMap(({name:t,output:i,warnings:n,threads:r})=>[...""===i?[]:[`${t} prints "${i.split("\n")[0]?.slice(0,80)}"`],...0===r.length?[]:[`${t} starts a thread`],...n.flatMap(({said:t,file:i,line:n})=>{let r=(0,A.n)(e,i);return void 0===r||r.includes("site-packages/")?[]:[`${r}:${n} warns: ${t}`]})]))],n=i.length>3?[`and ${i.length-3} more`]:[];return[...i.slice(0,3),...n]}function imports_absent(e){if("ENOENT"!==e.code)throw e}var P=i(9971),D=i(39130),q=i(96665);let B=/^(-k|-m|-x|--exitfirst|--maxfail|--deselect|--ignore(-glob)?|--lf|--last-failed|--sw|--stepwise(-skip)?|--sw-skip|--pyargs)(=|$)|^-[km]./;async function selectionIn(e,t){for(let i of e)if(i.startsWith("-")?B.test(i):await isThere((0,d.resolve)(t,i.split("::",1)[0]??"")))return i}async function isThere(e){return(0,l.stat)(e).then(()=>!0,()=>!1)}let Q="write it anew: mesh-actions baseline";async function testsOfBaseline(e,t,{baselines:i,exceptions:n,testArguments:r}){if(0===i.length)return[];let a=new Map(t.functions.map(e=>[e.id,e])),s=new Set(i.flatMap(({tests:e})=>e.flatMap(({id:e,skipped:t,notRun:i})=>t||i||a.get(e)?.ran?[]:[e]))),o=new Set([...i.flatMap(({testsRun:e})=>[...e.keys()]),...t.suites.map(({folder:e})=>e)]),l=[];for(let a of o){let o=t.suites.find(e=>e.folder===a),d=[...s].filter(e=>(0,h.B)(tests_of_baseline_fileOf(e),a)),f=t.checks.some(({id:e})=>e===`tests/${a}`);if(l.push(!o&&f?{...numberCheck(a),verdict:"skipped",detail:"they did not run"}:enough(a,o,d,i,n)),!o)continue;let c=await declaredIn(e,a,i),u=await selectionIn(r,e.resolve(a));l.push(tests_of_baseline_named(a,{lost:d,declared:c,selection:u,functions:t.functions},i,n))}return l}function numberCheck(e){return{id:`tests-run/${e}`,title:`as many tests run in ${e} as the baseline has`}}function enough(e,t,i,n,r){let a=numberCheck(e),s=n.flatMap(({testsRun:t})=>t.get(e)??[]);if(0===s.length){let t=`the baseline does not say how many tests run in ${e}`;return{...a,verdict:"inconclusive",detail:t,fix:Q}}let o=Math.max(...s),l=t?.counts.ran??0,d={measured:{value:l,unit:"count"},limit:{kind:"at-least",value:o,unit:"count"}},{skipped:f=0,xfailed:c=0}=t?.counts??{},u=[...f>0?[`${f} ${are(f)} skipped`]:[],...c>0?[`${c} ${are(c)} expected to fail`]:[]];if(l>=o)return{...a,verdict:"pass",detail:[`${l}`,...u].join(", "),...d};let p=t?[`${l} of ${o} ran`,...u].join(", "):"python.tests does not have it any more",h=[...new Set(i.map(tests_of_baseline_fileOf))],m=[e,...h].filter(e=>r.excuse(e,"tests","deleted","moved"));if(m.includes(e)||h.length>0&&m.length===h.length)return{...a,verdict:"pass",detail:`${p}, as was agreed on`,...d};let g=0===h.length?` for ${e}`:"",b=`bring them back, or agree on it: preserve.exceptions with change: tests${g}`;return{...a,verdict:"fail",detail:p,fix:b,...d}}function tests_of_baseline_named(e,{lost:t,declared:i,selection:n,functions:r},a,s){let o={id:`tests-named/${e}`,title:`every test of the baseline in ${e} runs`},l=[...new Set(a.flatMap(({tests:e})=>e.map(({id:e})=>e)))].filter(t=>(0,h.B)(tests_of_baseline_fileOf(t),e));if(0===l.length)return i.size>0?{...o,verdict:"inconclusive",detail:"the baseline names no test there",fix:Q}:{...o,verdict:"skipped",detail:"no file of the baseline there declares a test"};if(void 0!==n){let e=`not checked: test-arguments select a part of the tests (${n})`;return{...o,verdict:"skipped",detail:e}}let d=t.filter(e=>i.has(e)),f=d.filter(e=>!s.excuse(tests_of_baseline_fileOf(e),"tests")),[c]=f;if(void 0===c){let e=d.length>0?`, but for ${d.length} as was agreed on`:"";return{...o,verdict:"pass",detail:`${l.length-t.length} of them${e}`}}let u=1===f.length?"test":"tests";return{...o,verdict:"fail",detail:`${f.length} ${u} of the baseline did not run: ${reasons(f,r)}`,fix:"let them run, or agree on it: preserve.exceptions with change: tests",measured:{value:f.length,unit:"count"},location:{file:tests_of_baseline_fileOf(c)}}}function reasons(e,t){let i=new Map;for(let n of e){let e=reasonFor(n,t);i.set(e,[...i.get(e)??[],n])}let n=[...i].map(([e,t])=>{let i=t.length>2?`, and ${t.length-2} more`:"";return`${t.slice(0,2).join(", ")}${i} (${e})`}),r=n.length>3?[`and others (${n.length-3} more reasons)`]:[];return[...n.slice(0,3),...r].join("; ")}function reasonFor(e,t){let i=t.find(t=>t.id===e),n=t.find(t=>e.startsWith(`${t.id}::`)||e.startsWith(`${t.id}/`));return i?.why??n?.why??"no result: not collected, deselected or only set up"}async function declaredIn(e,t,i){let n=new Set(i.flatMap(e=>e.files.map(({path:e})=>e))),r=new Set;for(let i of n){if(!(0,q.h)(i)||!(0,h.B)(i,t))continue;let n=await (0,l.readFile)(e.resolve(i),"utf8").catch(tests_of_baseline_absent);for(let{id:e,skipped:t}of(0,q.K)(i,n??""))t||r.add(e)}return r}function are(e){return 1===e?"is":"are"}function tests_of_baseline_fileOf(e){return e.slice(0,e.indexOf("::"))}function tests_of_baseline_absent(e){if("ENOENT"!==e.code)throw e}async function validateReference(e,t,i){let n=i.now(),r=await guard(e,t,i),a=!t.guardOnly&&r.complete,s=a?await reference(e,r,t,i):W;return(0,o.S4)({stage:"validate-python-ref",attempt:i.attempt,commit:i.commit,startedAt:n,endedAt:i.now(),checks:[...r.checks,...s.checks,...r.exceptions.checks(a),...t.guardOnly?[L]:[]],required:["baseline",...r.baselines.length>0?["preserved"]:[],...a?requiredOf(e):[]],tools:{},data:{changes:r.changes,...s.data}})}let W={checks:[],data:{addedNames:[],changedNames:[],suites:[]}},L={id:"reference",title:"the reference works",verdict:"skipped",detail:"only its files were compared"};async function reference(e,{baselines:t,exceptions:i},{testArguments:n,timeoutMs:r,places:a},{log:o,signal:l,temporary:d,isDisturbed:f}){let c={...a,log:o,signal:l,temporary:d},u=await absenceOf(e,c),[p,h,m]=await (0,s.C)([checkImports(e,c),checkCommands(e,c,{timeoutMs:r,absence:u}),(0,P.U)(e,c)]),g=keptSurface(m,t,i),b=await (0,D.N)(e,c,{arguments:n,timeoutMs:r,isDisturbed:f(),minimum:e.config.python.tests.minimum,absence:u}),w=await testsOfBaseline(e,b,{baselines:t,exceptions:i,testArguments:n});return{checks:[...p,...g.checks,...h,...b.checks,...w],data:{addedNames:g.added,changedNames:g.changed,suites:b.suites}}}function requiredOf({config:{python:e}}){return[...e.packages.length>0?["imports","surface"]:[],...e.commands.length>0?["commands"]:[],...e.tests.paths.length>0?["tests"]:[]]}function isMergeOfChange({GITHUB_REF:e,GITHUB_EVENT_NAME:t}){return/^refs\/pull\/\d+\/merge$/.test(e??"")||"merge_group"===t}let G=(0,n.XI)({title:"Validate the Python reference",description:"Shows that no Python code was deleted and that the Python reference still works",stage:"validate-python-ref",after:["cross-compile-go"],inputs:{guardOnly:n.hF.flag("Only compares files with the baseline; needs no Python",{default:"false"}),base:n.hF.text("Commit that the change started from; default that of a pull request or a merge queue, checked out with fetch-depth: 2"),testArguments:n.hF.arguments("Further arguments for pytest, as on a command line"),timeout:n.hF.duration("How long each command, and the tests of each folder, may take, as in 90s",{default:"10m"})},outputs:{tests:n.CG.json("How many tests were collected, ran, passed, failed, skipped, xfailed, by folder"),failures:n.CG.json("Ids of the tests that failed"),deleted:n.CG.json("Paths of the baseline that are gone"),baselineChanges:n.CG.json("Every change since the baseline: kind, path and, of a move, to")},async run({inputs:e,project:t,stage:i,place:n}){let r=await validateReference(t,{...e,isMerge:isMergeOfChange(process.env),timeoutMs:e.timeout,places:{toolCache:n.toolCache,userCache:n.userCache,environment:process.env}},i),{changes:a,suites:s}=r.data,o=s.flatMap(({tests:e})=>e.filter(({outcome:e})=>"failed"===e||"error"===e));return{result:r,details:referenceDetails(r.data),outputs:{tests:Object.fromEntries(s.map(({folder:e,counts:t})=>[e,t])),failures:o.map(({id:e})=>e),deleted:a.filter(({kind:e})=>"deleted"===e).map(({path:e})=>e),baselineChanges:a}}}})},56900:(e,t,i)=>{i.d(t,{AU:()=>fold,B2:()=>s,DV:()=>codeBlock,FV:()=>escapeMarkdown,Jv:()=>stageSummary,gm:()=>runLocally,tp:()=>table});var n=i(98558),r=i(82206),a=i(69552);let s={pass:"✅",fail:"❌",inconclusive:"❔",skipped:"➖"};function escapeMarkdown(e){return e.replace(/[&<>]/g,e=>({"&":"&amp;","<":"&lt;",">":"&gt;"})[e]??e).replace(/[\\`*_[\]|~$]/g,e=>`\\${e}`).replace(/\s+/g," ")}function table(e,t){let line=e=>`| ${e.join(" | ")} |`;return[line(e),line(e.map(()=>"---")),...t.map(line)].join("\n")}function stageSummary(e,t,i=""){let o=(0,n.c1)(e),l=e.shard?` (part ${e.shard})`:"",d=e.checks.filter(e=>"skipped"!==e.verdict).length,f=e.checks.filter(e=>(0,a.nT)(e.verdict));return[`## ${s[e.verdict]} ${e.stage}${l}: ${e.verdict}`,void 0===o?`${d} checks in ${(0,r.a3)(e.durationMs)}.`:`**${escapeMarkdown(o)}**`,...f.length>1?[f.map(e=>`- ${s[e.verdict]} ${escapeMarkdown((0,n.q0)(e))}`).join("\n")]:[],...i?[i]:[],fold(`All ${e.checks.length} checks`,checkTable(e.checks)),...void 0===o?[]:[runLocally(t)],""].join("\n\n")}function checkTable(e){return table(["","kind","check","found"],e.map(e=>[s[e.verdict],(0,n.I)(e),escapeMarkdown(e.title),escapeMarkdown(e.detail??(e.measured?(0,r.VZ)(e.measured):""))]))}function runLocally(e){let t=fenceOf(1,[e]);return`Run it locally: ${t}${e}${t}`}function codeBlock(e){let t=fenceOf(3,e);return[`${t}text`,...e,t].join("\n")}function fenceOf(e,t){let i=t.flatMap(e=>e.match(/`+/g)??[]).map(e=>e.length);return"`".repeat(Math.max(e-1,...i)+1)}function fold(e,t){return`<details><summary>${e}</summary>

${t}

</details>`}},70370:(e,t,i)=>{i.d(t,{default:()=>pLimit});let n=class Node{value;next;constructor(e){this.value=e}};let r=class Queue{#e;#t;#i;constructor(){this.clear()}enqueue(e){let t=new n(e);this.#e?this.#t.next=t:this.#e=t,this.#t=t,this.#i++}dequeue(){let e=this.#e;if(e)return this.#e=this.#e.next,this.#i--,this.#e||(this.#t=void 0),e.value}peek(){if(this.#e)return this.#e.value}clear(){this.#e=void 0,this.#t=void 0,this.#i=0}get size(){return this.#i}*[Symbol.iterator](){let e=this.#e;for(;e;)yield e.value,e=e.next}*drain(){for(;this.#e;)yield this.dequeue()}};function pLimit(e){let t=!1;if("object"==typeof e&&({concurrency:e,rejectOnClear:t=!1}=e),validateConcurrency(e),"boolean"!=typeof t)throw TypeError("Expected `rejectOnClear` to be a boolean");let i=new r,n=0,resumeNext=()=>{n<e&&i.size>0&&(n++,i.dequeue().run())},run=async(e,t,i)=>{let r=(async()=>e(...i))();t(r);try{await r}catch{}n--,resumeNext()},generator=(t,...r)=>new Promise((a,s)=>{let o;o={reject:s},new Promise(e=>{o.run=e,i.enqueue(o)}).then(run.bind(void 0,t,a,r)),n<e&&resumeNext()});return Object.defineProperties(generator,{activeCount:{get:()=>n},pendingCount:{get:()=>i.size},clearQueue:{value(){if(!t)return void i.clear();let e=AbortSignal.abort().reason;for(;i.size>0;)i.dequeue().reject(e)}},concurrency:{get:()=>e,set(t){validateConcurrency(t),e=t,queueMicrotask(()=>{for(;n<e&&i.size>0;)resumeNext()})}},map:{async value(e,t){let i=[];try{Array.from(e,(e,n)=>{let r=generator(t,e,n);return i.push(r),r})}catch(e){for(let e of i)e.catch(()=>{});throw e}return Promise.all(i)}}}),generator}function validateConcurrency(e){if(!((Number.isInteger(e)||1/0===e)&&e>0))throw TypeError("Expected `concurrency` to be a number from 1 and up")}}};
