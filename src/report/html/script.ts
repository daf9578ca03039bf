/**
 * The script of the page, a program in a string because it runs in the reader's browser: the filter, the numbers on
 * hover, and folds that open for older printers. The page is whole without it.
 */
export const SCRIPT = `(() => {
  'use strict'
  const button = document.getElementById('only-red')
  const outcome = document.getElementById('filter-outcome')
  const tip = document.getElementById('tip')
  const isRed = (element) => ['fail', 'inconclusive'].includes(element.dataset.verdict)
  const stages = [...document.querySelectorAll('section.stage')]
  const checks = [...document.querySelectorAll('[data-check]')]

  button.parentElement.hidden = false
  button.addEventListener('click', () => {
    const only = document.documentElement.classList.toggle('only-red')
    button.setAttribute('aria-pressed', String(only))
    const shown = (all) => (only ? all.filter(isRed).length + ' of ' : 'all ') + all.length
    const red = only ? (stages.some(isRed) ? ': what failed or is inconclusive' : ': nothing is red') : ''
    outcome.textContent = 'Showing ' + shown(stages) + ' stages and ' + shown(checks) + ' checks' + red + '.'
  })

  const place = (event) => {
    const right = document.documentElement.clientWidth - tip.offsetWidth - 8
    const below = event.clientY + 16
    const fits = below + tip.offsetHeight < innerHeight
    tip.style.left = Math.max(8, Math.min(event.clientX + 12, right)) + 'px'
    tip.style.top = (fits ? below : event.clientY - tip.offsetHeight - 12) + 'px'
  }
  document.addEventListener('pointerover', (event) => {
    const mark = event.target instanceof Element ? event.target.closest('[data-numbers]') : null
    tip.hidden = mark === null
    if (mark === null) return
    tip.textContent = mark.dataset.numbers
    place(event)
  })
  document.addEventListener('pointermove', (event) => tip.hidden || place(event))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tip.hidden = true
  })

  let closed = []
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')]
    for (const fold of closed) fold.open = true
  })
  addEventListener('afterprint', () => {
    for (const fold of closed) fold.open = false
  })
})()`
