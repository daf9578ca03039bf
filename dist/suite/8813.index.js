export const id=8813;export const ids=[8813];export const modules={8813:(e,t,r)=>{r.d(t,{carryOut:()=>carryOut});var s=r(18091);async function carryOut(e){let t={key:await keyOf(e)};process.stdout.write(`
${JSON.stringify(t)}
`,()=>process.exit())}async function keyOf(e){switch(e.kind){case"restore":return(0,s.P3)([e.folder],e.key,[...e.restoreKeys],{segmentTimeoutInMs:3e4});case"save":return await (0,s.Io)([e.folder],e.key)===-1?void 0:e.key;default:return e}}}};
