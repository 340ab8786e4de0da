import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { PointsScalar } from '../../graphql/index.js'

@Resolver()
export class TeaResolver {
  @Query(() => Int)
  teaCups(): number {
    return 1
  }
}

/** Has the same field once more. */
@Resolver()
export class SecondTeaResolver {
  @Query(() => Int)
  teaCups(): number {
    return 2
  }
}

/** Does not say whose its field is. */
@Resolver()
export class CupsResolver {
  @Query(() => Int)
  cups(): number {
    return 1
  }
}

/** Does not say whose it is. */
@ObjectType()
class Cup {
  @Field(() => Int)
  size!: number
}

@Resolver()
export class CupResolver {
  @Query(() => Cup)
  teaCup(): Cup {
    return { size: 1 }
  }
}

@ObjectType()
class TeaPot {
  @Field(() => TeaPot)
  pot!: TeaPot

  @Field(() => PointsScalar)
  points!: bigint
}

/** Has a type of its own, and one of the contract's. */
@Resolver()
export class TeaPotResolver {
  @Query(() => TeaPot)
  teaPot(): TeaPot {
    throw new Error('nobody asks')
  }
}

/** Has fields with one word of two. */
@Resolver()
export class TeaCupsResolver {
  @Query(() => Int)
  teaCups(): number {
    return 1
  }

  @Query(() => Int)
  houseTea(): number {
    return 1
  }
}

/** Has both words of two. */
@Resolver()
export class TeaHouseResolver {
  @Query(() => Int)
  openTeaHouses(): number {
    return 1
  }
}
