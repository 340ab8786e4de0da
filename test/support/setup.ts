import 'reflect-metadata'
import { watchForEnds } from './end-of-file.js'

watchForEnds()
