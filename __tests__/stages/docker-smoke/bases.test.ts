import { expect, test } from '@jest/globals'
import { floatingBases } from '../../../src/stages/docker-smoke/bases.ts'
import { instructionsOf } from '../../../src/stages/docker-smoke/dockerfile.ts'

test.each([
  ['scratch', 0],
  ['python:3.11-slim', 0],
  ['python', 1],
  ['python:latest', 1],
  ['registry.example.com:5000/python', 1],
  ['registry.example.com:5000/python:3.11', 0],
  ['python:latest@sha256:0123', 0],
  ['--platform=linux/amd64 python', 1],
])('of FROM %s so many bases are another image tomorrow: %d', (image, floating) => {
  expect(floatingBases(instructionsOf(`FROM ${image}\n`))).toHaveLength(floating)
})

test('a stage of the same Dockerfile is no base from elsewhere', () => {
  expect(floatingBases(instructionsOf('FROM golang:1.24 AS Build\nFROM build\n'))).toEqual([])
})

test('a base that an argument names is the one that is given, else the one that the Dockerfile sets', () => {
  const instructions = instructionsOf(`ARG TAG=3.11\nARG BASE=python:\${TAG}\n\nFROM \${BASE:-python}\n`)
  expect(floatingBases(instructions)).toEqual([])
  expect(floatingBases(instructions, { TAG: 'latest' })).toEqual([{ image: 'python:latest', line: 4 }])
  expect(floatingBases(instructions, { BASE: 'python' })).toEqual([{ image: 'python', line: 4 }])
})

test('of a base that nobody names nothing is said', () => {
  expect(floatingBases(instructionsOf('ARG BASE\nFROM $BASE\n'))).toEqual([])
})
