import 'reflect-metadata'
import fc from 'fast-check'
import { beforeEach } from 'vitest'
import { beginChance, SEED } from './chance.js'
import { watchForEnds } from './end-of-file.js'

// Every property that names no seed of its own: the packages' files and the conformance kit share this copy.
fc.configureGlobal({ seed: SEED })
beforeEach(beginChance)
watchForEnds()
